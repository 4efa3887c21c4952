-- How likely weaknesses are exploited: a row is written only where a score moved.
create table epss_scores (
    org_id integer not null,
    cve text not null,
    published_on integer not null,
    score integer not null,
    percentile integer not null,
    constraint epss_scores_pkey primary key (org_id, cve, published_on)
) strict, without rowid;
