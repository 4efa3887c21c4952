//! Which sentences never change? One place for each page's fixed words; sentences with numbers come from the answers.

/// Words that stand on every page.
pub mod everywhere {
    pub const PRODUCT: &str = "Wallclock";
    pub const SKIP: &str = "Skip to content";
    pub const MENU: &str = "Menu";
    pub const SAMPLE_RIBBON: &str = "Sample. This organisation is fictional, and so is every number here.";
    pub const USE_OWN_DATA: &str = "Use my data";
    pub const CHANGE_VIEW: &str = "Change view";
    pub const MODE: &str = "Mode";
    pub const STRICT: &str = "strict: ended when verified";
    pub const LENIENT: &str = "lenient: ended when closed";
    pub const AS_OF: &str = "As of, with its zone";
    pub const SIGN_OUT: &str = "Sign out";
    pub const EXPLAIN: &str = "Explain";
    pub const EXPLAIN_PAGE: &str = "The whole explanation";
    pub const TABLE: &str = "As a table";
    pub const CSV: &str = "CSV";
    pub const ON_PAPER: &str = "On paper";
    pub const IN_PRACTICE: &str = "In practice";
}

/// The question each page answers, as its reader would ask it.
pub mod question {
    pub const GAP: &str = "Are we as safe as the report says?";
    pub const CLOCKS: &str = "How long does it really take?";
    pub const ITEMS: &str = "Which weaknesses are these?";
    pub const SOURCES: &str = "Did everything that arrived get counted?";
    pub const IMPORTS: &str = "What became of each file?";
    pub const QUALITY: &str = "What is held, and how far can the rest be believed?";
    pub const MAPPING: &str = "What does this file say?";
    pub const REPORTS: &str = "What does the board get to read?";
    pub const CONNECT: &str = "How do other tools read the same numbers?";
    pub const TOKENS: &str = "Which programs read and write for me?";
    pub const WEBHOOKS: &str = "Which tools send by themselves?";
    pub const STEP_UP: &str = "Is it still you?";
    pub const EXPLAIN: &str = "What exactly is this number?";
    pub const SIGN_IN: &str = "Who is reading?";
    pub const SET_UP: &str = "Who keeps this?";
    pub const NOT_FOUND: &str = "Where does this lead?";
}

pub mod gap {
    pub const SPLIT_UNIT: &str = "Days of exposure by label; every second of an episode has exactly one.";
    pub const EMPTY_TITLE: &str = "There is nothing to compare yet.";
    pub const EMPTY_WHY: &str =
        "The page needs events of at least one item: when it was first seen, when it was ticketed, when it was closed.";
}

pub mod clocks {
    pub const SURVIVAL: &str = "Share of weaknesses still open, by days since the first evidence";
    pub const EMPTY_TITLE: &str = "No clock has run yet.";
    pub const GROUPED_BY: &str = "Compare by";
}

pub mod items {
    pub const CAPTION: &str = "Items that match, one a row";
    pub const NONE: &str = "No item matches.";
    pub const CLEAR: &str = "Clear all";
    pub const APPLY: &str = "Apply";
    pub const FILTERS: &str = "Filters";
    pub const SEARCH: &str = "Search";
    pub const SEARCH_HELP: &str = "id, team, kind or class";
}

pub mod sources {
    pub const IMPORT_TITLE: &str = "Bring a file.";
    pub const IMPORT_NOTE: &str = "Events as NDJSON, JSON or CSV in canonical columns, or the export of a tool named below; packed with gzip, zstd or zip if you like. The same line twice counts once; nothing that arrives is lost.";
    pub const FILE: &str = "File with events";
    pub const SOURCE: &str = "Source";
    pub const SOURCE_HELP: &str = "A short name for where it comes from, such as jira-prod: the same name each time.";
    pub const FORMAT: &str = "Exported from";
    pub const FORMAT_USUAL: &str = "As saved for the source, else canonical events";
    pub const EXPORTED_AT: &str = "Exported at";
    pub const EXPORTED_AT_HELP: &str = "Only where the file is a list of what stands and does not say itself when it was made: a time with its zone, as in 2026-03-01T10:00:00Z.";
    pub const COMPLETE: &str = "This file states everything in its scope, so that what is missing from it is gone";
    pub const SCOPE: &str = "Scope";
    pub const SCOPE_HELP: &str =
        "The column that names a part of the source, such as Region, where this file covers some parts only.";
    pub const ENCODING: &str = "Text";
    pub const ENCODING_USUAL: &str = "As it shows itself: UTF-8 or UTF-16";
    pub const ENCODING_HELP: &str = "Only where the file is older: nothing in it tells these two apart.";
    pub const LEARNT: &str = "Counts as known";
    pub const STAMPED: &str = "Since it came in";
    pub const ASSUMED: &str = "Since it happened: a history is loaded";
    pub const CARRIED: &str = "Since each line says, in received_at";
    pub const LEARNT_HELP: &str = "A view of what was known on a past day shows only what counts as known by then; the audit trail keeps this choice.";
    pub const SELDOM: &str = "What few files need said";
    pub const ACCEPT_GONE: &str = "More than a fifth of what was open is gone from this file, and that is so";
    pub const IMPORT: &str = "Import";
    pub const DROP: &str = "Choose it, or drop it anywhere in this frame.";
    pub const EQUATION: &str =
        "received = accepted + duplicate + quarantined, at each moment, here, on the command line and in the API.";
    pub const QUARANTINE_NOTE: &str = "A line is held with its reason and its text, exactly as it arrived. Releasing reads it again under today's rules.";
    pub const SOURCES_NOTE: &str = "A silent source is not a healthy one: figures that rest on it say so.";
    pub const FEEDS: &str = "Feeds";
    pub const FEEDS_NOTE: &str = "What the world says of weaknesses, by the day it was published: send a copy by wallclock enrich. Nothing is fetched.";
    pub const RELEASE: &str = "Release";
    pub const SEE_GAP: &str = "See the gap";
    pub const DECIDE: &str = "Say what it means";
    pub const MAPPING: &str = "Saved mapping";
    pub const WAITING_TITLE: &str = "Files that wait for a person.";
    pub const WAITING_NOTE: &str = "Say what is asked, or discard them; each is kept until the moment beside it.";
    pub const READING: &str = "Reading";
    pub const RELOAD: &str = "Without script, reload this page to see the counts move.";
}

pub mod quality {
    pub const REASONS_NOTE: &str = "A held line is not lost: it counts as quarantined until somebody decides.";
    pub const LINES_NOTE: &str = "Each line exactly as it arrived, with everything that is wrong with it.";
    pub const NONE: &str = "No held line matches.";
    pub const NOTHING_HELD: &str = "Nothing is held.";
    pub const NO_LINES: &str =
        "Held lines belong to no team yet, so their text is shown to readers of the whole organisation alone.";
    pub const TEXT: &str = "Letters of the line";
    pub const DECIDE_TITLE: &str = "Decide about many at once.";
    pub const DECIDE_NOTE: &str =
        "First you see what would happen; nothing changes before you confirm. At most 10,000 lines at a time.";
    pub const FORESEE: &str = "Show what would happen";
    pub const LEAVE: &str = "Leave them as they are";
    pub const AS_LOW: &str = "Release as low";
    pub const STAYS: &str = "Not released as it is: ";
    pub const EDIT: &str = "Mend it";
    pub const EDITED: &str = "The line, mended";
    pub const SEND_EDITED: &str = "Release the mended copy";
    pub const DISMISS: &str = "Dismiss it";
    pub const WHY: &str = "Why it stays out";
    pub const RELOAD: &str = "Reload this page to see the counts move.";
    pub const RULES_NOTE: &str = "Each known lie of a tool is a rule with a name. Where one is met, it is counted, and these figures could move.";
    pub const NOT_MET: &str = "Rules that were not met";
    pub const GUARDS_NOTE: &str = "What watches the wall clock itself, over all items of this view.";
    pub const FLAGS_NOTE: &str = "Odd events are kept, counted and named, never dropped.";
    pub const CHECK: &str = "Held lines and data quality";
}

pub mod mapping {
    pub const TITLE: &str = "Mapping";
    pub const GONE: &str = "No file waits here.";
    pub const GONE_WHY: &str =
        "It was imported or discarded, or its day was over: what waits for a mapping is forgotten after 24 hours.";
    pub const BRING_AGAIN: &str = "Bring it again";
    pub const STEPS: &str = "From file to figures";
    pub const STEP_DONE: &str = "done";
    pub const STEP_OPEN: &str = "still open";
    pub const ASKED: &str = "What still has to be said";
    pub const NEEDED: &str = "Needed before it can be imported";
    pub const FOLLOWS: &str = "Good to know";
    pub const READING_TITLE: &str = "How is it read?";
    pub const READING_NOTE: &str = "Proposed where the file itself tells; a zone is never guessed.";
    pub const MORE: &str = "Numbers, text, and hours that came twice";
    pub const EXCEL: &str = "Numbers in columns of times are days as Excel counts them";
    pub const COLUMNS_CAPTION: &str = "Columns of the file, in their order";
    pub const NAMELESS: &str = "(without a name)";
    pub const NOT_USED: &str = "– not used";
    pub const WORDS_CAPTION: &str = "Words, those without a meaning first, then the most frequent";
    pub const TABLE_MORE: &str = "More: ids, fixed values, rows, words";
    pub const ITEM_ID: &str = "Id of an item";
    pub const ITEM_ID_HELP: &str = "Columns in braces, as in {Plugin}@{Host}; a part in [brackets] is left out where its column is empty. Empty: as the columns above say.";
    pub const FIXED: &str = "The same in every row";
    pub const FIXED_HELP: &str = "For what no column says, such as the team a whole export belongs to.";
    pub const FIXED_NONE: &str = "– choose what it is";
    pub const FIXED_WHAT: &str = "What is fixed, line";
    pub const FIXED_VALUE: &str = "Fixed value, line";
    pub const FILTERS: &str = "Only rows that pass";
    pub const FILTERS_HELP: &str = "Words one a line, without regard to case. Where the cell is empty, the row does not pass. Rows left out are counted as no news, and each line here must hold.";
    pub const FILTER_NONE: &str = "– choose a column";
    pub const FILTER_COLUMN: &str = "Column of the filter, line";
    pub const FILTER_TEST: &str = "Test of the filter, line";
    pub const FILTER_WORDS: &str = "Words of the filter, line";
    pub const FILTER_IN: &str = "says one of";
    pub const FILTER_NOT_IN: &str = "says something other than";
    pub const NULL_WORDS: &str = "Words that mean nothing is there";
    pub const NULL_WORDS_HELP: &str =
        "One a line, as they are written: beside N/A, -, None, null, ? and UNKNOWN, which are known.";
    pub const KEPT_NOTE: &str = "What was saved stands below as it was. Also kept from the saved mapping:";
    pub const KEPT_LINK: &str = "All versions of the saved mapping";
    pub const ANEW: &str = "Leave behind what the saved mapping says beyond columns and words";
    pub const ACCEPT_GONE: &str = "Take this file even if more than a fifth of what was open is gone; it was looked at";
    pub const NO_STATE: &str = "– say what it means";
    pub const NO_LEVEL: &str = "– unknown: counts as medium";
    pub const AGAIN: &str = "Preview again";
    pub const IMPORT: &str = "Save and import";
    pub const IMPORT_NOTE: &str = "The mapping is saved for the source: its next files are read the same way, at once.";
    pub const IMPORT_ONLY: &str = "Import";
    pub const IMPORT_ONLY_NOTE: &str = "The mapping holds for this file; your role does not save it for the source.";
    pub const DISCARD: &str = "Discard this file";
    pub const DISCARD_WHAT: &str = "The file and what you said about it here are forgotten at once. Nothing of it was imported; a mapping saved before stays. The file can be brought again.";
    pub const DISCARD_DO: &str = "Discard it";
    pub const ROWS_TITLE: &str = "The file as it stands.";
    pub const ROWS_NOTE: &str = "Long cells are cut here, and nowhere else.";
    pub const FIRST_EVENTS: &str = "The first of them";
    pub const EVENTS: &str = "Events by name";
    pub const NONE_HELD: &str = "No line would be held.";
    pub const HELD: &str = "What would be held, by reason";
    pub const HELD_LINES: &str = "The first such lines";
    pub const QUIET: &str = "Understood, and no news";
    pub const RULES: &str = "Rules of data quality that are met";
    pub const CLOCKS_TITLE: &str = "How the clocks would run.";
    pub const CLOCKS_NOTE: &str =
        "The items with most events among these records, up to now, as their own pages would draw them.";
}

pub mod source_plan {
    pub const TITLE: &str = "Saved mapping";
    pub const NOW_TITLE: &str = "What it says now.";
    pub const NOW_NOTE: &str = "The next file of this source is read like this.";
    pub const FILE: &str = "As JSON";
    pub const CHANGE_TITLE: &str = "Change it.";
    pub const CHANGE_NOTE: &str = "With the next file on the mapping page, or here as JSON; a change is a new version.";
    pub const LOOK: &str = "Ask about the next file before it is imported";
    pub const NO_LOOK: &str = "Import the next file at once again";
    pub const LOOKS: &str = "The next file brought by page waits on the mapping page, with all that is said here.";
    pub const JSON: &str = "The mapping as JSON";
    pub const SAVE: &str = "Save as the next version";
    pub const FORGET: &str = "Take it out of force";
    pub const FORGET_NOTE: &str =
        "Files of this source are asked about again. The act is recorded, and the versions stay.";
    pub const VERSIONS_TITLE: &str = "Every version.";
    pub const VERSIONS_NOTE: &str = "A file that was read by an earlier one keeps it.";
}

pub mod reports {
    pub const BOARD: &str = "Board report (PDF)";
    pub const BOARD_NOTE: &str =
        "One tagged page with the same sentence, figures and definitions as these pages, as of the moment named above.";
}

pub mod connect {
    pub const TOKEN_TITLE: &str = "Make a token.";
    pub const TOKEN_NOTE: &str =
        "It is printed once and kept only as a hash. It can be narrowed to reading or to writing events.";
    pub const OWN_TOKENS: &str = "Make one here";
    pub const ODATA_TITLE: &str = "Read items in Excel, Power BI or Tableau.";
    pub const ODATA_NOTE: &str =
        "Choose “OData feed”, paste the address, sign in with Basic: any name, the token as password.";
    pub const API_TITLE: &str = "Send events as they happen.";
    pub const API_NOTE: &str = "One object, an array, or one JSON object a line. The answer counts what was received, accepted, duplicate and quarantined.";
}

pub mod imports {
    pub const TITLE: &str = "Imports";
    pub const ALL: &str = "show those of all sources";
    pub const EVERY: &str = "show all imports";
    pub const PAUSE: &str = "Pause";
    pub const RESUME: &str = "Resume";
    pub const CANCEL: &str = "Give this import up";
    pub const CANCEL_WHAT: &str = "Reading ends and nothing of the file counts: what was read of it so far was never seen. It cannot be resumed, but the file can be imported again.";
    pub const CANCEL_DO: &str = "Give up import";
    pub const HELD_ASK: &str = "Is it so? Nothing of the file counts before somebody says what that means.";
    pub const HELD_ACCEPT: &str = "It is so";
    pub const HELD_ACCEPT_WHAT: &str = "Those that were looked for count as fixed, as of this file.";
    pub const HELD_PARTIAL: &str = "The file is not the whole list";
    pub const HELD_PARTIAL_WHAT: &str = "What stands in it counts; what it lacks says nothing and stays open.";
    pub const HELD_DISCARD: &str = "It is not so";
    pub const HELD_DISCARD_WHAT: &str = "The import is given up and the file thrown away; nothing of it ever counts.";
    pub const WITHDRAW: &str = "Take this import back";
    pub const WITHDRAW_WHAT: &str = "Its events stay in the log and count no more from now on; its held lines are settled with it. Views of what was known before do not change. It cannot be undone, but the file can be imported again.";
    pub const WITHDRAW_NAME: &str = "Type the name of the file";
    pub const WITHDRAW_DO: &str = "Take it back";
    pub const DOOR: &str = "Every file, with what became of it";
    pub const MEND: &str = "Say what these words mean in the mapping of the source";
    pub const REPORT: &str = "Quality report";
}

pub mod source_clock {
    pub const NOTE: &str = "What is subtracted from the times of a source whose clock is wrong, decided with a reason and kept in the audit trail.";
    pub const DECIDE: &str = "Decide about the clock of this source";
    pub const WHAT: &str = "From now on so many seconds are subtracted from the times of lines that come in and are new. What is in the log stays as it is, and lines that are known stay known. A clock that runs behind takes a number below zero; 0 ends it.";
    pub const SECONDS: &str = "Seconds to subtract, at most a day";
    pub const WHY: &str = "Why";
    pub const DO: &str = "Subtract from now on";
    pub const CORRECTED: &str = "time put right: the clock of its source is known to be wrong";
}

pub mod import_quality {
    pub const NOTE: &str =
        "Counted over the events that the file added when it was published; lines released later are not in it.";
    pub const NOTE_UNCOUNTED: &str =
        "Counted over what was read of the file; it was not published, and nothing of it counts.";
    pub const CAPTION: &str = "What the times of its events say";
    pub const MOMENTS: &str = "When they happened";
    pub const OBSERVED: &str = "The source recorded this moment";
    pub const DERIVED: &str = "It follows from what the source recorded";
    pub const INFERRED: &str = "Deduced from absence, order or a last change";
    pub const LATE: &str = "Received more than a day after it happened";
    pub const OUT_OF_ORDER: &str = "Happened before an event of an earlier line of its source";
    pub const STAMPED: &str =
        "From happening to being received, at one in a hundred; long for a file of history, which is received now";
    pub const CARRIED: &str = "From happening to being received, at one in a hundred; received when the lines say";
    pub const ASSUMED: &str = "Taken as received when it happened";
    pub const NEW: &str = "Of the items with news, those of which nothing else counted";
    pub const CSV: &str = "Download this report as CSV";
    pub const CLOCKS: &str = "Clocks that run ahead";
    pub const REASONS: &str = "Held lines";
}

pub mod tokens {
    pub const TITLE: &str = "Your tokens";
    pub const NONE: &str = "No token of yours holds.";
    pub const MAKE_TITLE: &str = "Make a token.";
    pub const MAKE_NOTE: &str = "It may do at most what you may do, and ends with you.";
    pub const MADE_TITLE: &str = "Your new token.";
    pub const ONCE: &str = "Copy it now.";
    pub const ONCE_NOTE: &str = "Only its hash is kept; nobody can show it a second time.";
    pub const CONFIRM_WHY: &str = "To make or revoke a token, give your password again; it counts for five minutes.";
    pub const CONFIRM: &str = "Confirm your password";
    pub const NAME: &str = "What it is for";
    pub const NAME_HELP: &str = "A name that tells it from others later, as in “weekly spreadsheet”.";
    pub const DAYS: &str = "Days until it ends";
    pub const DAYS_HELP: &str = "From 1 to 400.";
    pub const SCOPES: &str = "What it may do";
    pub const NAMES_TITLE: &str = "What it sees";
    pub const NAMES: &str = "Names of items, assets and people";
    pub const NAMES_HELP: &str = "Without this an opaque code stands for each.";
    pub const MAKE: &str = "Make it";
    pub const OWN_TITLE: &str = "Tokens you made.";
    pub const OWN_NOTE: &str = "A revoked one is refused at once.";
    pub const CAPTION: &str = "Your tokens, oldest first";
    pub const REVOKE: &str = "Revoke";
}

pub mod webhooks {
    pub const TITLE: &str = "Webhooks";
    pub const DOOR: &str = "Tools that send by themselves";
    pub const MAKE_TITLE: &str = "Give a source a webhook.";
    pub const MAKE_NOTE: &str = "Each source has one. What it sends comes in like every other event.";
    pub const CONFIRM_WHY: &str =
        "To make, change or end a webhook, give your password again; it counts for five minutes.";
    pub const CONFIRM: &str = "Confirm your password";
    pub const ONCE: &str = "Copy it now.";
    pub const ONCE_NOTE: &str = "Nobody can show it a second time. If it is lost, rotate it.";
    pub const ADDRESS: &str = "Address to send to";
    pub const ADDRESS_WITH_KEY: &str = "Address to send to, with the key in it";
    pub const SECRET: &str = "Secret to sign with";
    pub const KEY: &str = "The key alone, for the header Authorization";
    pub const SOURCE: &str = "Source";
    pub const SOURCE_HELP: &str = "A short name for where it comes from, such as jira-prod.";
    pub const SENDER: &str = "Which tool sends";
    pub const PROOF: &str = "How it proves who it is";
    pub const PROOF_USUAL: &str = "as the tool usually does";
    pub const PROOF_SIGNATURE: &str = "it signs what it sends";
    pub const PROOF_KEY: &str = "it sends a key along, which is weaker";
    pub const GIVEN: &str = "Secret, if the tool made it";
    pub const GIVEN_HELP: &str = "Else leave it empty: one is made. PagerDuty makes its own.";
    pub const MAKE: &str = "Make it";
    pub const LIST_TITLE: &str = "Webhooks that take what is sent.";
    pub const LIST_NOTE: &str = "Two secrets live at most, so that a sender can change from one to the other.";
    pub const CAPTION: &str = "Webhooks and their secrets, by source";
    pub const WEAK: &str = "a key sent along: whoever reads one request can send others";
    pub const ROTATE: &str = "Rotate";
    pub const ROTATE_WHAT: &str = "A second secret is made and shown once. Both count until the days are over or you retire the old one: enter the new one in the tool meanwhile.";
    pub const DAYS: &str = "Days the old one still counts";
    pub const DAYS_HELP: &str = "From 1 to 90.";
    pub const ROTATE_DO: &str = "Make the second secret";
    pub const RETIRE: &str = "Retire the old secret";
    pub const RETIRE_WHAT: &str = "The older of the two ends now, for good. A sender that still uses it is refused.";
    pub const RETIRE_DO: &str = "Retire it";
    pub const REMOVE: &str = "Remove";
    pub const REMOVE_WHAT: &str = "The address takes nothing more and its secrets are forgotten. What it sent stays.";
    pub const REMOVE_NAME: &str = "Type the name of the source";
    pub const REMOVE_DO: &str = "Remove the webhook";
    pub const SENDERS_TITLE: &str = "What to enter where.";
    pub const SENDERS_NOTE: &str = "The address and the secret are those shown once above.";
}

pub mod step_up {
    pub const TITLE: &str = "Confirm your password";
    pub const STANDFIRST: &str = "What comes next matters enough to ask again; it counts for five minutes.";
    pub const PASSWORD: &str = "Password";
    pub const PASSWORD_HELP: &str = "The one you sign in with.";
    pub const WRONG: &str = "That is not the password of this account.";
    pub const SEND: &str = "Confirm";
    pub const LEAVE: &str = "Go back";
}

pub mod sign_in {
    pub const TITLE: &str = "Sign in to Wallclock";
    pub const EMAIL: &str = "E-mail address";
    pub const PASSWORD: &str = "Password";
    pub const SEND: &str = "Sign in";
    pub const AFTER_SIGN_OUT: &str = "You are signed out.";
}

pub mod setup {
    pub const TITLE: &str = "Set up Wallclock";
    pub const STANDFIRST: &str = "This address works once. It makes the organisation and its first owner.";
    pub const ORGANISATION: &str = "Name of the organisation";
    pub const EMAIL: &str = "Your e-mail address";
    pub const PASSWORD: &str = "Password";
    pub const PASSWORD_HELP: &str = "At least 12 characters; a sentence is easier to keep than a puzzle.";
    pub const SEND: &str = "Make the organisation";
}

pub mod not_found {
    pub const TITLE: &str = "Nothing is kept at this address.";
    pub const NEXT: &str = "The page may belong to a later release, or the item to another organisation.";
}
