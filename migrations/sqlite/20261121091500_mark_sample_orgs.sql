-- Invented figures must never pass for real ones, so a sample organisation says what it is.
alter table orgs add column watermark text not null default '';
