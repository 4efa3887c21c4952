-- Every key begins with an organisation, so the first one must exist before anything else does.
create table orgs (
    org_id integer primary key,
    name text not null,
    created_at integer not null
) strict;

insert into orgs (org_id, name, created_at) values (1, 'Organisation', 0);
