-- Some acts need the password again: a sign-in remembers when it was last given, and old ones count as never.
alter table sessions add column proved_at bigint not null default 0;
