-- Whoever signs in needs a role and a password hash; an address is unique in its organisation.
create table people (
    org_id bigint not null references orgs (org_id),
    person_id bigint not null,
    email text not null,
    name text not null,
    role text not null,
    membership text not null,
    teams text not null,
    auditor_until bigint,
    password_hash text,
    rights_version bigint not null,
    created_at bigint not null,
    primary key (org_id, person_id),
    constraint people_email unique (org_id, email)
);
