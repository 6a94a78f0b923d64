-- Runs once, when the database's volume is empty. Two roles: the owner of the schema, which only the migrate job uses,
-- and the powerless one of web and workers. Their passwords come from the secrets; psql reads the files itself.
\set owner_password `cat /run/secrets/db_owner_password`
\set app_password `cat /run/secrets/db_app_password`

CREATE ROLE aiexchange_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE aiexchange_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

CREATE DATABASE aiexchange OWNER aiexchange_owner;
REVOKE ALL ON DATABASE aiexchange FROM PUBLIC;
GRANT CONNECT ON DATABASE aiexchange TO aiexchange_app;

\connect aiexchange
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
