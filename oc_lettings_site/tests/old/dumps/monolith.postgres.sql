SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
CREATE SEQUENCE public.auth_group_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_group_id_seq OWNED BY public.auth_group.id;
CREATE TABLE public.auth_group_permissions (
    id integer NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
CREATE SEQUENCE public.auth_group_permissions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_group_permissions_id_seq OWNED BY public.auth_group_permissions.id;
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
CREATE SEQUENCE public.auth_permission_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_permission_id_seq OWNED BY public.auth_permission.id;
CREATE TABLE public.auth_user (
    id integer NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(30) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL
);
CREATE TABLE public.auth_user_groups (
    id integer NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL
);
CREATE SEQUENCE public.auth_user_groups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_user_groups_id_seq OWNED BY public.auth_user_groups.id;
CREATE SEQUENCE public.auth_user_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_user_id_seq OWNED BY public.auth_user.id;
CREATE TABLE public.auth_user_user_permissions (
    id integer NOT NULL,
    user_id integer NOT NULL,
    permission_id integer NOT NULL
);
CREATE SEQUENCE public.auth_user_user_permissions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.auth_user_user_permissions_id_seq OWNED BY public.auth_user_user_permissions.id;
CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id integer NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
CREATE SEQUENCE public.django_admin_log_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.django_admin_log_id_seq OWNED BY public.django_admin_log.id;
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
CREATE SEQUENCE public.django_content_type_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.django_content_type_id_seq OWNED BY public.django_content_type.id;
CREATE TABLE public.django_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.django_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.django_migrations_id_seq OWNED BY public.django_migrations.id;
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.oc_lettings_site_address (
    id integer NOT NULL,
    number integer NOT NULL,
    street character varying(64) NOT NULL,
    city character varying(64) NOT NULL,
    state character varying(2) NOT NULL,
    zip_code integer NOT NULL,
    country_iso_code character varying(3) NOT NULL,
    CONSTRAINT oc_lettings_site_address_number_check CHECK ((number >= 0)),
    CONSTRAINT oc_lettings_site_address_zip_code_check CHECK ((zip_code >= 0))
);
CREATE SEQUENCE public.oc_lettings_site_address_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.oc_lettings_site_address_id_seq OWNED BY public.oc_lettings_site_address.id;
CREATE TABLE public.oc_lettings_site_letting (
    id integer NOT NULL,
    title character varying(256) NOT NULL,
    address_id integer NOT NULL
);
CREATE SEQUENCE public.oc_lettings_site_letting_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.oc_lettings_site_letting_id_seq OWNED BY public.oc_lettings_site_letting.id;
CREATE TABLE public.oc_lettings_site_profile (
    id integer NOT NULL,
    favorite_city character varying(64) NOT NULL,
    user_id integer NOT NULL
);
CREATE SEQUENCE public.oc_lettings_site_profile_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.oc_lettings_site_profile_id_seq OWNED BY public.oc_lettings_site_profile.id;
ALTER TABLE ONLY public.auth_group ALTER COLUMN id SET DEFAULT nextval('public.auth_group_id_seq'::regclass);
ALTER TABLE ONLY public.auth_group_permissions ALTER COLUMN id SET DEFAULT nextval('public.auth_group_permissions_id_seq'::regclass);
ALTER TABLE ONLY public.auth_permission ALTER COLUMN id SET DEFAULT nextval('public.auth_permission_id_seq'::regclass);
ALTER TABLE ONLY public.auth_user ALTER COLUMN id SET DEFAULT nextval('public.auth_user_id_seq'::regclass);
ALTER TABLE ONLY public.auth_user_groups ALTER COLUMN id SET DEFAULT nextval('public.auth_user_groups_id_seq'::regclass);
ALTER TABLE ONLY public.auth_user_user_permissions ALTER COLUMN id SET DEFAULT nextval('public.auth_user_user_permissions_id_seq'::regclass);
ALTER TABLE ONLY public.django_admin_log ALTER COLUMN id SET DEFAULT nextval('public.django_admin_log_id_seq'::regclass);
ALTER TABLE ONLY public.django_content_type ALTER COLUMN id SET DEFAULT nextval('public.django_content_type_id_seq'::regclass);
ALTER TABLE ONLY public.django_migrations ALTER COLUMN id SET DEFAULT nextval('public.django_migrations_id_seq'::regclass);
ALTER TABLE ONLY public.oc_lettings_site_address ALTER COLUMN id SET DEFAULT nextval('public.oc_lettings_site_address_id_seq'::regclass);
ALTER TABLE ONLY public.oc_lettings_site_letting ALTER COLUMN id SET DEFAULT nextval('public.oc_lettings_site_letting_id_seq'::regclass);
ALTER TABLE ONLY public.oc_lettings_site_profile ALTER COLUMN id SET DEFAULT nextval('public.oc_lettings_site_profile_id_seq'::regclass);
INSERT INTO public.auth_group VALUES (1, 'editors');
INSERT INTO public.auth_group_permissions VALUES (1, 1, 32);
INSERT INTO public.auth_group_permissions VALUES (2, 1, 16);
INSERT INTO public.auth_group_permissions VALUES (3, 1, 34);
INSERT INTO public.auth_permission VALUES (1, 'Can add log entry', 1, 'add_logentry');
INSERT INTO public.auth_permission VALUES (2, 'Can change log entry', 1, 'change_logentry');
INSERT INTO public.auth_permission VALUES (3, 'Can delete log entry', 1, 'delete_logentry');
INSERT INTO public.auth_permission VALUES (4, 'Can view log entry', 1, 'view_logentry');
INSERT INTO public.auth_permission VALUES (5, 'Can add permission', 2, 'add_permission');
INSERT INTO public.auth_permission VALUES (6, 'Can change permission', 2, 'change_permission');
INSERT INTO public.auth_permission VALUES (7, 'Can delete permission', 2, 'delete_permission');
INSERT INTO public.auth_permission VALUES (8, 'Can view permission', 2, 'view_permission');
INSERT INTO public.auth_permission VALUES (9, 'Can add group', 3, 'add_group');
INSERT INTO public.auth_permission VALUES (10, 'Can change group', 3, 'change_group');
INSERT INTO public.auth_permission VALUES (11, 'Can delete group', 3, 'delete_group');
INSERT INTO public.auth_permission VALUES (12, 'Can view group', 3, 'view_group');
INSERT INTO public.auth_permission VALUES (13, 'Can add user', 4, 'add_user');
INSERT INTO public.auth_permission VALUES (14, 'Can change user', 4, 'change_user');
INSERT INTO public.auth_permission VALUES (15, 'Can delete user', 4, 'delete_user');
INSERT INTO public.auth_permission VALUES (16, 'Can view user', 4, 'view_user');
INSERT INTO public.auth_permission VALUES (17, 'Can add content type', 5, 'add_contenttype');
INSERT INTO public.auth_permission VALUES (18, 'Can change content type', 5, 'change_contenttype');
INSERT INTO public.auth_permission VALUES (19, 'Can delete content type', 5, 'delete_contenttype');
INSERT INTO public.auth_permission VALUES (20, 'Can view content type', 5, 'view_contenttype');
INSERT INTO public.auth_permission VALUES (21, 'Can add session', 6, 'add_session');
INSERT INTO public.auth_permission VALUES (22, 'Can change session', 6, 'change_session');
INSERT INTO public.auth_permission VALUES (23, 'Can delete session', 6, 'delete_session');
INSERT INTO public.auth_permission VALUES (24, 'Can view session', 6, 'view_session');
INSERT INTO public.auth_permission VALUES (25, 'Can add address', 7, 'add_address');
INSERT INTO public.auth_permission VALUES (26, 'Can change address', 7, 'change_address');
INSERT INTO public.auth_permission VALUES (27, 'Can delete address', 7, 'delete_address');
INSERT INTO public.auth_permission VALUES (28, 'Can view address', 7, 'view_address');
INSERT INTO public.auth_permission VALUES (29, 'Can add profile', 8, 'add_profile');
INSERT INTO public.auth_permission VALUES (30, 'Can change profile', 8, 'change_profile');
INSERT INTO public.auth_permission VALUES (31, 'Can delete profile', 8, 'delete_profile');
INSERT INTO public.auth_permission VALUES (32, 'Can view profile', 8, 'view_profile');
INSERT INTO public.auth_permission VALUES (33, 'Can add letting', 9, 'add_letting');
INSERT INTO public.auth_permission VALUES (34, 'Can change letting', 9, 'change_letting');
INSERT INTO public.auth_permission VALUES (35, 'Can delete letting', 9, 'delete_letting');
INSERT INTO public.auth_permission VALUES (36, 'Can view letting', 9, 'view_letting');
INSERT INTO public.auth_user VALUES (1, 'pbkdf2_sha256$180000$7L0cOC6igGIP$kTKIgkCEZDRqYxjfIGruA/JeI05Xx+GJ21w97HNaz1M=', NULL, true, 'admin', '', '', 'admin@example.com', true, true, '2026-11-21 09:59:32.423638+00');
INSERT INTO public.auth_user VALUES (2, 'pbkdf2_sha256$180000$KAqSso8CjAcq$dhM5WWekDIief2UOYeVEqE4Cxk3qH+NROWIEOwVOn+Y=', NULL, false, 'HeadlinesGazer', '', '', 'HeadlinesGazer@example.com', false, true, '2026-11-21 09:59:32.493402+00');
INSERT INTO public.auth_user VALUES (3, 'pbkdf2_sha256$180000$sCg9TJ7aTfFC$8liasPVZaJnCz/Ycx+DPOkQB074/tcZij4grrkMGVQo=', NULL, false, 'DavWin', '', '', 'DavWin@example.com', false, true, '2026-11-21 09:59:32.549413+00');
INSERT INTO public.auth_user VALUES (4, 'pbkdf2_sha256$180000$sBwlZisBL23h$ICZardVFfEHVw0dfJNNfJeQZlban691DmrwFTsot5qw=', NULL, false, 'AirWow', '', '', 'AirWow@example.com', false, true, '2026-11-21 09:59:32.604972+00');
INSERT INTO public.auth_user VALUES (5, 'pbkdf2_sha256$180000$O7lnIQaXgCaz$UPAgkvHsXqOjbhWSFFQKO6ARV457anPfIB1MDI3aWDg=', NULL, false, '4meRomance', '', '', '4meRomance@example.com', false, true, '2026-11-21 09:59:32.660607+00');
INSERT INTO public.auth_user VALUES (6, 'pbkdf2_sha256$180000$RgLH2i9sPLQD$BZMhXfz0DHVOntMlyoOJGZ13YuNBe9bnd6/Fkltj16Y=', '2026-11-21 09:59:32.888548+00', false, 'editor', '', '', 'editor@example.com', true, true, '2026-11-21 09:59:32.740081+00');
INSERT INTO public.auth_user_groups VALUES (1, 6, 1);
INSERT INTO public.auth_user_user_permissions VALUES (1, 6, 25);
INSERT INTO public.auth_user_user_permissions VALUES (2, 6, 34);
INSERT INTO public.django_admin_log VALUES (1, '2026-11-21 09:59:32.72053+00', '1', 'Joshua Tree Green Haus /w Hot Tub', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (2, '2026-11-21 09:59:32.723067+00', '2', 'Oceanview Retreat', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (3, '2026-11-21 09:59:32.725141+00', '3', '''Silo Studio'' Cottage', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (4, '2026-11-21 09:59:32.727074+00', '4', 'Pirates of the Caribbean Getaway', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (5, '2026-11-21 09:59:32.728932+00', '5', 'The Mushroom Dome Retreat & LAND of Paradise Suite', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (6, '2026-11-21 09:59:32.730793+00', '6', 'Underground Hygge', 1, '[{"added": {}}]', 9, 1);
INSERT INTO public.django_admin_log VALUES (7, '2026-11-21 09:59:32.80424+00', '3', 'AirWow', 2, '[{"changed": {"fields": ["Favorite city"]}}]', 8, 6);
INSERT INTO public.django_content_type VALUES (1, 'admin', 'logentry');
INSERT INTO public.django_content_type VALUES (2, 'auth', 'permission');
INSERT INTO public.django_content_type VALUES (3, 'auth', 'group');
INSERT INTO public.django_content_type VALUES (4, 'auth', 'user');
INSERT INTO public.django_content_type VALUES (5, 'contenttypes', 'contenttype');
INSERT INTO public.django_content_type VALUES (6, 'sessions', 'session');
INSERT INTO public.django_content_type VALUES (7, 'oc_lettings_site', 'address');
INSERT INTO public.django_content_type VALUES (8, 'oc_lettings_site', 'profile');
INSERT INTO public.django_content_type VALUES (9, 'oc_lettings_site', 'letting');
INSERT INTO public.django_migrations VALUES (1, 'contenttypes', '0001_initial', '2026-11-21 09:59:31.791965+00');
INSERT INTO public.django_migrations VALUES (2, 'auth', '0001_initial', '2026-11-21 09:59:31.829878+00');
INSERT INTO public.django_migrations VALUES (3, 'admin', '0001_initial', '2026-11-21 09:59:31.869357+00');
INSERT INTO public.django_migrations VALUES (4, 'admin', '0002_logentry_remove_auto_add', '2026-11-21 09:59:31.883248+00');
INSERT INTO public.django_migrations VALUES (5, 'admin', '0003_logentry_add_action_flag_choices', '2026-11-21 09:59:31.90656+00');
INSERT INTO public.django_migrations VALUES (6, 'contenttypes', '0002_remove_content_type_name', '2026-11-21 09:59:31.921274+00');
INSERT INTO public.django_migrations VALUES (7, 'auth', '0002_alter_permission_name_max_length', '2026-11-21 09:59:31.927214+00');
INSERT INTO public.django_migrations VALUES (8, 'auth', '0003_alter_user_email_max_length', '2026-11-21 09:59:31.935949+00');
INSERT INTO public.django_migrations VALUES (9, 'auth', '0004_alter_user_username_opts', '2026-11-21 09:59:31.943917+00');
INSERT INTO public.django_migrations VALUES (10, 'auth', '0005_alter_user_last_login_null', '2026-11-21 09:59:31.952747+00');
INSERT INTO public.django_migrations VALUES (11, 'auth', '0006_require_contenttypes_0002', '2026-11-21 09:59:31.954987+00');
INSERT INTO public.django_migrations VALUES (12, 'auth', '0007_alter_validators_add_error_messages', '2026-11-21 09:59:31.965045+00');
INSERT INTO public.django_migrations VALUES (13, 'auth', '0008_alter_user_username_max_length', '2026-11-21 09:59:31.978099+00');
INSERT INTO public.django_migrations VALUES (14, 'auth', '0009_alter_user_last_name_max_length', '2026-11-21 09:59:31.989045+00');
INSERT INTO public.django_migrations VALUES (15, 'auth', '0010_alter_group_name_max_length', '2026-11-21 09:59:31.998666+00');
INSERT INTO public.django_migrations VALUES (16, 'auth', '0011_update_proxy_permissions', '2026-11-21 09:59:32.006756+00');
INSERT INTO public.django_migrations VALUES (17, 'oc_lettings_site', '0001_initial', '2026-11-21 09:59:32.027002+00');
INSERT INTO public.django_migrations VALUES (18, 'sessions', '0001_initial', '2026-11-21 09:59:32.035153+00');
INSERT INTO public.django_session VALUES ('hkkum0somqs737o3ky26qdcr6p17lqd1', 'NDVmYTI3YTg0YWY5MzJiNWVlNDc2NzBlM2FjOGI2MjAzM2I0ZWNmMDp7Il9hdXRoX3VzZXJfaWQiOiI2IiwiX2F1dGhfdXNlcl9iYWNrZW5kIjoiZGphbmdvLmNvbnRyaWIuYXV0aC5iYWNrZW5kcy5Nb2RlbEJhY2tlbmQiLCJfYXV0aF91c2VyX2hhc2giOiIwMDY2YTQyZmI5ZmMzZmY1ODZjNWQwNDc0NWVkNzVjNmIxNGRjZjI2In0=', '2026-12-05 09:59:32.889772+00');
INSERT INTO public.oc_lettings_site_address VALUES (1, 7217, 'Bedford Street', 'Brunswick', 'GA', 31525, 'USA');
INSERT INTO public.oc_lettings_site_address VALUES (2, 4, 'Military Street', 'Willoughby', 'OH', 44094, 'USA');
INSERT INTO public.oc_lettings_site_address VALUES (3, 340, 'Wintergreen Avenue', 'Newport News', 'VA', 23601, 'USA');
INSERT INTO public.oc_lettings_site_address VALUES (4, 9230, 'E. Joy Ridge Street', 'Marquette', 'MI', 49855, 'USA');
INSERT INTO public.oc_lettings_site_address VALUES (5, 9606, 'Harvard Street', 'Aliquippa', 'PA', 15001, 'USA');
INSERT INTO public.oc_lettings_site_address VALUES (6, 588, 'Argyle Avenue', 'East Meadow', 'NY', 11554, 'USA');
INSERT INTO public.oc_lettings_site_letting VALUES (1, 'Joshua Tree Green Haus /w Hot Tub', 1);
INSERT INTO public.oc_lettings_site_letting VALUES (2, 'Oceanview Retreat', 2);
INSERT INTO public.oc_lettings_site_letting VALUES (3, '''Silo Studio'' Cottage', 3);
INSERT INTO public.oc_lettings_site_letting VALUES (4, 'Pirates of the Caribbean Getaway', 4);
INSERT INTO public.oc_lettings_site_letting VALUES (5, 'The Mushroom Dome Retreat & LAND of Paradise Suite', 5);
INSERT INTO public.oc_lettings_site_letting VALUES (6, 'Underground Hygge', 6);
INSERT INTO public.oc_lettings_site_profile VALUES (1, 'Buenos Aires', 2);
INSERT INTO public.oc_lettings_site_profile VALUES (2, 'Barcelona', 3);
INSERT INTO public.oc_lettings_site_profile VALUES (3, 'Budapest', 4);
INSERT INTO public.oc_lettings_site_profile VALUES (4, 'Berlin', 5);
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, true);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 3, true);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 36, true);
SELECT pg_catalog.setval('public.auth_user_groups_id_seq', 1, true);
SELECT pg_catalog.setval('public.auth_user_id_seq', 6, true);
SELECT pg_catalog.setval('public.auth_user_user_permissions_id_seq', 2, true);
SELECT pg_catalog.setval('public.django_admin_log_id_seq', 7, true);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 9, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 18, true);
SELECT pg_catalog.setval('public.oc_lettings_site_address_id_seq', 6, true);
SELECT pg_catalog.setval('public.oc_lettings_site_letting_id_seq', 6, true);
SELECT pg_catalog.setval('public.oc_lettings_site_profile_id_seq', 4, true);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_username_key UNIQUE (username);
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.oc_lettings_site_address
    ADD CONSTRAINT oc_lettings_site_address_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oc_lettings_site_letting
    ADD CONSTRAINT oc_lettings_site_letting_address_id_key UNIQUE (address_id);
ALTER TABLE ONLY public.oc_lettings_site_letting
    ADD CONSTRAINT oc_lettings_site_letting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oc_lettings_site_profile
    ADD CONSTRAINT oc_lettings_site_profile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.oc_lettings_site_profile
    ADD CONSTRAINT oc_lettings_site_profile_user_id_key UNIQUE (user_id);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups USING btree (group_id);
CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups USING btree (user_id);
CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c ON public.auth_user_user_permissions USING btree (permission_id);
CREATE INDEX auth_user_user_permissions_user_id_a95ead1b ON public.auth_user_user_permissions USING btree (user_id);
CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user USING btree (username varchar_pattern_ops);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oc_lettings_site_letting
    ADD CONSTRAINT oc_lettings_site_let_address_id_64ae88a9_fk_oc_lettin FOREIGN KEY (address_id) REFERENCES public.oc_lettings_site_address(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.oc_lettings_site_profile
    ADD CONSTRAINT oc_lettings_site_profile_user_id_8c7385a9_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;
