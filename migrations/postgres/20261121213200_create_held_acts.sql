-- One decision about many held lines: what was asked, how far it is, and what became of the lines.
create table held_acts (
    org_id bigint not null,
    act_id bigint not null,
    idempotency text not null,
    actor text not null,
    asked text not null,
    state text not null constraint held_acts_state_check check (state in ('running', 'done', 'stopped')),
    began_at bigint not null,
    moved_at bigint not null,
    chosen bigint not null,
    accepted bigint not null,
    duplicate bigint not null,
    dismissed bigint not null,
    kept bigint not null,
    why_kept text not null,
    constraint held_acts_pkey primary key (org_id, act_id)
);

create unique index held_acts_idempotency on held_acts (org_id, idempotency);
