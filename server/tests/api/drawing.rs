//! Does the board get its PDF, and never a broken server?

use std::path::PathBuf;
use std::time::Duration;

use axum::http::StatusCode;
use server::renderer::{RenderFailed, Renderer};
use service::question::ask::Ask;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_over_no_facts_is_a_whole_pdf() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let answer = app.get(&owner, "/reports/board.pdf").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    assert!(answer.text.starts_with("%PDF-") && answer.text.trim_end().ends_with("%%EOF"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_hangs_or_fails_is_a_refusal_and_no_more() {
    let app = TestApp::new().await;
    let caller = app.state.identity.operator();
    let model = server::reports::board_model(&app.state.services, &caller, &Ask::default()).await.unwrap();
    let hanging = app.folder.path().join("hanging");
    std::fs::write(&hanging, "#!/bin/sh\nexec sleep 600\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&hanging, mode).unwrap();
    let renderer = Renderer::with(hanging, Duration::from_millis(200));
    assert_eq!(renderer.draw(&model).await, Err(RenderFailed::TooLong));
    for program in ["/bin/false", "/nowhere"] {
        let renderer = Renderer::with(PathBuf::from(program), Duration::from_secs(30));
        assert_eq!(renderer.draw(&model).await, Err(RenderFailed::NoPdf), "{program}");
    }
}
