//! What does every request of one server share?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use service::Services;
use service::identity::Identity;
use service::identity::secret::NoRandomness;

use crate::clock::Clock;
use crate::config::Settings;
use crate::limits::Limits;
use crate::middleware::places::Places;
use crate::middleware::rates::Rates;
use crate::odata::skip_token::Signer;
use crate::renderer::Renderer;
use crate::uploads::jobs::Uploads;

/// What every handler can reach; cloning it is cheap.
#[derive(Clone)]
pub struct ServerState(Arc<Inner>);

/// The parts of [`ServerState`].
pub struct Inner {
    pub services: Services,
    pub identity: Identity,
    pub settings: Settings,
    pub limits: Limits,
    pub clock: Clock,
    pub places: Places,
    pub rates: Rates,
    pub uploads: Uploads,
    pub signer: Signer,
    pub renderer: Renderer,
    leptos: LeptosOptions,
    draining: AtomicBool,
}

impl std::ops::Deref for ServerState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl ServerState {
    /// Everything a server needs to answer.
    ///
    /// # Errors
    /// [`NoRandomness`] when no signing key can be made.
    pub fn new(
        services: Services,
        identity: Identity,
        settings: Settings,
        limits: Limits,
        clock: Clock,
        renderer: Renderer,
    ) -> Result<Self, NoRandomness> {
        let manifest = crate::assets::site().manifest();
        let leptos = LeptosOptions::builder()
            .output_name(manifest.output_name.clone())
            .site_pkg_dir(manifest.pkg_dir.clone())
            .site_addr(settings.listen)
            .build();
        Ok(Self(Arc::new(Inner {
            places: Places::default(),
            rates: Rates::default(),
            uploads: Uploads::default(),
            signer: Signer::new()?,
            renderer,
            services,
            identity,
            settings,
            limits,
            clock,
            leptos,
            draining: AtomicBool::new(false),
        })))
    }

    /// From now on the server is not ready for more.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether the server is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// What leptos wants to know about the site.
    #[must_use]
    pub fn leptos_options(&self) -> &LeptosOptions {
        &self.leptos
    }
}

impl FromRef<ServerState> for LeptosOptions {
    fn from_ref(state: &ServerState) -> Self {
        state.leptos.clone()
    }
}
