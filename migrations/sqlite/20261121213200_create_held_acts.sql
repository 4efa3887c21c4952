-- One decision about many held lines: what was asked, how far it is, and what became of the lines.
create table held_acts (
    org_id integer not null,
    act_id integer not null,
    idempotency text not null,
    actor text not null,
    asked text not null,
    state text not null constraint held_acts_state_check check (state in ('running', 'done', 'stopped')),
    began_at integer not null,
    moved_at integer not null,
    chosen integer not null,
    accepted integer not null,
    duplicate integer not null,
    dismissed integer not null,
    kept integer not null,
    why_kept text not null,
    constraint held_acts_pkey primary key (org_id, act_id)
) strict, without rowid;

create unique index held_acts_idempotency on held_acts (org_id, idempotency);
