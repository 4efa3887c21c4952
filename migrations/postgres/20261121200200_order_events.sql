-- The log is only ever added to at its end: nothing else is kept up with it.
drop index events_key;

drop index events_item;
