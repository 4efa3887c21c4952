-- What was noticed about what a source pushed in a day, as an import keeps it of a file; and that it was heard at all.
create table push_notes (
    org_id integer not null,
    source_id integer not null,
    day_at integer not null,
    heard_at integer not null,
    pushes integer not null,
    received integer not null,
    notes text not null,
    constraint push_notes_pkey primary key (org_id, source_id, day_at),
    foreign key (org_id, source_id) references sources (org_id, source_id)
) strict, without rowid;
