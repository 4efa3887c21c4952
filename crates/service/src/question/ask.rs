//! Who may ask, and of which view? Every question passes here: authorised, given its ledger, then computed off the
//! threads that serve requests.

mod past;

use super::{
    answer_cache::{AnswerKey, Answers},
    clocks::{self, Clocks},
    gap::{self, Gap},
    item::{ItemDetail, item},
    items::{ItemRow, ItemsPage, Slice, items},
    trend::{TREND_MONTHS, TrendMonth, moments_of, month_ends},
};
use crate::{
    authorise::{Caller, Granted, Names, Object, authorise, proof},
    catalogue::published_by,
    error::{Refusal, ServiceError},
    services::Services,
    view_ledger::{PresentMoment, Wanted, read},
};
use domain::{
    id::OrgId,
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use metrics::{
    columns::Columns,
    ledger::{Filter, Frame, Ledger},
};
use std::sync::Arc;
use store::StoreError;
pub use store::history::Shown;

/// How far back a view looks where nobody said: the year a board looks back on.
const WINDOW_DAYS: i64 = 365;
/// Seconds of the grid a present view stands on, so that everybody who looks in the same minute sees the same.
const VIEW_GRID_SECONDS: i64 = 60;
/// Events of one item that are shown; a table beyond that helps nobody.
pub const EVENTS_SHOWN_MAX: u32 = 5_000;
/// Items whose whole past is folded again while somebody waits.
const TREND_ITEMS_MAX: u64 = 50_000;

/// What is asked for, besides the question itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// What narrows the view.
    pub filter: Filter,
    /// End of the view; now where absent.
    pub as_of: Option<Timestamp>,
    /// The moment up to which knowledge counts; now where absent.
    pub known_at: Option<Timestamp>,
    /// Since when items are watched; a year before the end where absent.
    pub observed_from: Option<Timestamp>,
}

/// One item with the events behind it, as they lie in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemWithEvents {
    /// The answer.
    pub detail: ItemDetail,
    /// Its events in the order of the log, those of items merged into it too.
    pub events: Vec<Shown>,
}

impl Services {
    /// The view a question speaks of: now stands for the latest of the current whole minute, the second after the last
    /// thing learnt and the second after the latest event, so that a fresh write shows at once.
    ///
    /// # Errors
    /// A window that is empty or turned around; what the database said.
    pub async fn view_of(&self, org: OrgId, ask: &Ask) -> Result<View, ServiceError> {
        self.view_at(ask, &self.present_moment(org).await?)
    }

    fn view_at(&self, ask: &Ask, present: &PresentMoment) -> Result<View, ServiceError> {
        let present = self.end_of_present(present);
        let as_of = ask.as_of.unwrap_or(present);
        let view = View {
            as_of,
            // The past is told with all that is known today unless somebody asks for what was known then: a history
            // that was loaded this morning would otherwise be missing from every month before it.
            known_at: ask.known_at.unwrap_or_else(|| as_of.max(present)),
            observed_from: ask.observed_from.unwrap_or(as_of.plus(-WINDOW_DAYS * DAY_SECONDS)),
        };
        if view.observed_from >= view.as_of {
            let detail = format!("the window from `{}` to `{}` is empty", view.observed_from, view.as_of);
            return Err(Refusal::new("bad_parameter", detail)
                .hint("choose a start before the end")
                .place("observed_from")
                .into());
        }
        Ok(view)
    }

    fn end_of_present(&self, present: &PresentMoment) -> Timestamp {
        let now = self.now().seconds();
        let minute = Timestamp::from_seconds(now - now.rem_euclid(VIEW_GRID_SECONDS));
        let learnt = minute.max(present.latest_received.plus(1));
        // An event may lie a few minutes ahead of its arrival: a live view that ended before it would have to fold
        // everything again, and would hide what was just written.
        present.latest_event.map_or(learnt, |event| learnt.max(event.plus(1)))
    }

    /// Are we as safe as the report says?
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn gap(&self, caller: &Caller, ask: &Ask) -> Result<Gap, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let figures = Figures { answers: Self::gaps, scan: gap::scan, draw: gap::draw };
        let mut gap = Gap::clone(&*self.figures(&granted, ask, figures).await?);
        let mut reader = self.store().reader().await?;
        gap.catalogue = published_by(&mut reader.conn(), granted.org(), gap.basis.known_at).await?;
        Ok(gap)
    }

    /// How long does it really take?
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn clocks(&self, caller: &Caller, ask: &Ask) -> Result<Clocks, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let figures = Figures { answers: Self::clock_answers, scan: clocks::scan, draw: clocks::draw };
        Ok(Clocks::clone(&*self.figures(&granted, ask, figures).await?))
    }

    /// Which items are these?
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn items(&self, caller: &Caller, ask: &Ask, slice: Slice) -> Result<ItemsPage, ServiceError> {
        let granted = authorise::<proof::ItemsRead>(caller, Object::OwnOrg)?;
        let is_masked = granted.scope().names() == Names::Masked;
        refuse_search(&granted, &ask.filter)?;
        let page = move |ledger: &Ledger, filter: &Filter, frame: Frame<'_>| {
            let mut page = items(ledger, filter, &frame, &slice);
            if is_masked {
                page.rows.iter_mut().for_each(ItemRow::mask);
            }
            page
        };
        self.over(&granted, ask, page).await
    }

    /// The headline figures at the end of each of the last months; empty where there are too many items to fold
    /// them all again.
    ///
    /// # Errors
    /// Not allowed, a bad window, or what the database said.
    pub async fn trend(&self, caller: &Caller, ask: &Ask) -> Result<Arc<Vec<TrendMonth>>, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let org = granted.org();
        let view = self.view_of(org, ask).await?;
        let present = self.present_moment(org).await?;
        if present.items > TREND_ITEMS_MAX {
            return Ok(Arc::default());
        }
        let views = month_ends(&view, TREND_MONTHS);
        let filter = narrowed(&granted, ask);
        let key = AnswerKey { org, revision: present.revision, filter: filter.clone(), moments: moments_of(&views) };
        // A view that knows everything learnt so far gives the same months until something is learnt.
        let knows_all = present.is_all_known_at(view.known_at);
        if let Some(known) = self.trends().find(&key).filter(|_| knows_all) {
            return Ok(known);
        }
        let found = Arc::new(self.past_months(org, views, filter).await?);
        if knows_all {
            self.trends().keep(key, found.clone());
        }
        Ok(found)
    }

    /// What happened to this one?
    ///
    /// # Errors
    /// Not found or not allowed to be known of, a bad window, or what the database said.
    pub async fn item(&self, caller: &Caller, ask: &Ask, id: &str) -> Result<ItemWithEvents, ServiceError> {
        let granted = authorise::<proof::ItemsRead>(caller, Object::OwnOrg)?;
        let org = granted.org();
        let view = self.view_of(org, ask).await?;
        let mode = ask.filter.mode;
        let allowed = Filter { mode, teams_allowed: granted.scope().teams(), ..Filter::default() };
        let is_masked = granted.scope().names() == Names::Masked;
        let wanted = if is_masked { Wanted::Coded(id.to_owned()) } else { Wanted::Named(id.to_owned()) };
        let known = self.item_of(org, view, wanted).await?.filter(|known| allowed.keeps(known, &self.frame(view)));
        let known = known.ok_or(ServiceError::NotFound)?;
        let known = &known;
        let (events, shown) = self.events_of(org, known, &view).await?;
        let mut detail = item(known, events, &self.frame(view), mode).ok_or(ServiceError::NotFound)?;
        let weaknesses = self.weaknesses_of(org, &mut detail.facts, &view).await?;
        if is_masked {
            detail.row.mask();
            return Ok(ItemWithEvents { detail, events: Vec::new() });
        }
        detail.weaknesses = weaknesses;
        Ok(ItemWithEvents { detail, events: shown })
    }

    /// What a question is computed with.
    #[must_use]
    pub fn frame(&self, view: View) -> Frame<'_> {
        Frame { view, policy: self.policy(), calendar: self.calendar() }
    }

    /// An answer from the columns, computed once as long as nothing is learnt. View and columns are read under one lock,
    /// so they speak of the same revision; intervals are drawn after it is given back.
    async fn figures<P: Send + Sync, S: Send + 'static, T: Send + Sync + 'static>(
        &self,
        granted: &Granted<P>,
        ask: &Ask,
        figures: Figures<S, T>,
    ) -> Result<Arc<T>, ServiceError> {
        let org = granted.org();
        let present = self.present(org).await?;
        let (filter, ask, services) = (narrowed(granted, ask), ask.clone(), self.clone());
        let looked = off_thread(move || {
            let present = read(&present);
            let moment = present.moment();
            let view = services.view_at(&ask, &moment)?;
            let key = AnswerKey { org, revision: moment.revision, filter, moments: view };
            let answers = (figures.answers)(&services);
            if let Some(found) = answers.find(&key) {
                return Ok::<_, ServiceError>(Looked::Found(found));
            }
            if !moment.is_all_in(&view) {
                return Ok(Looked::Past(Box::new(key)));
            }
            let scanned = (figures.scan)(present.columns(), &key.filter, &services.frame(view));
            drop(present);
            let found = Arc::new((figures.draw)(scanned));
            answers.keep(key, found.clone());
            Ok(Looked::Found(found))
        });
        match looked.await?? {
            Looked::Found(found) => Ok(found),
            Looked::Past(key) => self.past_figures(*key, figures).await,
        }
    }

    /// The same of a past view, from columns of its own.
    async fn past_figures<S: Send + 'static, T: Send + Sync + 'static>(
        &self,
        key: AnswerKey<View>,
        figures: Figures<S, T>,
    ) -> Result<Arc<T>, ServiceError> {
        let ledger = self.past_view(key.org, key.moments).await?;
        let services = self.clone();
        off_thread(move || {
            let columns =
                Columns::of((0..).zip(ledger.items())).map_err(|(_, why)| StoreError::damaged(why.to_string()))?;
            let scanned = (figures.scan)(&columns, &key.filter, &services.frame(key.moments));
            let found = Arc::new((figures.draw)(scanned));
            (figures.answers)(&services).keep(key, found.clone());
            Ok(found)
        })
        .await?
    }

    async fn over<P: Send + Sync, T: Send + 'static>(
        &self,
        granted: &Granted<P>,
        ask: &Ask,
        answer: impl FnOnce(&Ledger, &Filter, Frame<'_>) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let view = self.view_of(granted.org(), ask).await?;
        self.over_view(granted.org(), view, narrowed(granted, ask), answer).await
    }

    async fn over_view<T: Send + 'static>(
        &self,
        org: OrgId,
        view: View,
        filter: Filter,
        answer: impl FnOnce(&Ledger, &Filter, Frame<'_>) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let ledger: Arc<Ledger> = self.ledger_of(org, view).await?;
        let services = self.clone();
        off_thread(move || answer(&ledger, &filter, services.frame(view))).await
    }
}

/// A question over columns: where its answers are kept, what is read, and what is drawn from that.
struct Figures<S, T> {
    answers: fn(&Services) -> &Answers<View, T>,
    scan: fn(&Columns, &Filter, &Frame<'_>) -> S,
    draw: fn(S) -> T,
}

impl<S, T> Clone for Figures<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, T> Copy for Figures<S, T> {}

/// What looking at the present has led to.
enum Looked<T> {
    Found(Arc<T>),
    /// The view ends before something that is known.
    Past(Box<AnswerKey<View>>),
}

/// The filter of a question, held to what the reader may see.
pub(crate) fn narrowed<P>(granted: &Granted<P>, ask: &Ask) -> Filter {
    Filter { teams_allowed: granted.scope().teams(), ..ask.filter.clone() }
}

/// Whoever may not see names may not search them either: the answers would spell them out.
///
/// # Errors
/// A search by somebody who sees codes instead of names.
pub fn refuse_search<P>(granted: &Granted<P>, filter: &Filter) -> Result<(), ServiceError> {
    if filter.text.is_none() || granted.scope().names() == Names::Shown {
        return Ok(());
    }
    Err(Refusal::new("bad_parameter", "names are not shown to you, so they cannot be searched")
        .hint("leave the text empty")
        .place("text")
        .into())
}

/// Runs what takes long on a thread of its own; a panic there is a fault of ours, never of the server.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_panicked| ServiceError::Broken(StoreError::damaged("a figure could not be computed")))
}
