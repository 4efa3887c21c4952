-- An import is read in parts, may rest between them, and can be taken back: it keeps how far it has come and how to go on.
alter table imports
    drop constraint imports_state_check,
    add constraint imports_state_check check
        (state in ('running', 'paused', 'interrupted', 'failed', 'cancelled', 'published', 'withdrawn')),
    add column wanted text not null default 'go' constraint imports_wanted_check check (wanted in ('go', 'pause', 'cancel')),
    add column records bigint not null default 0,
    add column bytes_read bigint not null default 0,
    add column spool text not null default '',
    add column terms text not null default '{}',
    add column withdrawn_at bigint;
