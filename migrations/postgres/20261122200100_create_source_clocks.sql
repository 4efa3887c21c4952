-- How far ahead the clock of a source was in what it pushed, a day at a time: the rule needs the spread of many events, and a
-- push may hold one.
create table source_clocks (
    org_id bigint not null,
    source_id bigint not null,
    day_at bigint not null,
    clock text not null,
    constraint source_clocks_pkey primary key (org_id, source_id, day_at),
    foreign key (org_id, source_id) references sources (org_id, source_id)
);
