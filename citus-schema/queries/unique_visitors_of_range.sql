-- title: Unique visitors of the range
-- description: Client addresses of the whole time range, each once: the union of the sketches of its days, hours and minutes, standard error 2.3 %.
-- unit: short
select round($schema.unique_visitors(nullif($site, -1), $__timeFrom(), $__timeTo())) as unique_visitors
