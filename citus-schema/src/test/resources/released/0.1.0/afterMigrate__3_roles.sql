-- Tables and views that a script has added or made anew get their grants and policies.
select ${schema}.grant_roles();
