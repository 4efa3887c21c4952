-- Whoever signs in needs a role and a password hash; an address is unique in its organisation.
create table people (
    org_id integer not null references orgs (org_id),
    person_id integer not null,
    email text not null,
    name text not null,
    role text not null,
    membership text not null,
    teams text not null,
    auditor_until integer,
    password_hash text,
    rights_version integer not null,
    created_at integer not null,
    primary key (org_id, person_id),
    constraint people_email unique (org_id, email)
) strict;
