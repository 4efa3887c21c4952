-- How likely weaknesses are exploited: a row is written only where a score moved.
create table epss_scores (
    org_id bigint not null,
    cve text not null,
    published_on bigint not null,
    score bigint not null,
    percentile bigint not null,
    constraint epss_scores_pkey primary key (org_id, cve, published_on)
);
