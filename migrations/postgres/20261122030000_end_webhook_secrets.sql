-- While a secret changes the old one lives on, until somebody retires it or until the moment that was said.
alter table webhook_secrets add column retires_at bigint;
