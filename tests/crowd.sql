-- A crowd with 200,000 tasks: 1,999 people with 50 each, and the last, number 2000, with 100,000.
-- Ids go round among the people, so that no one's rows lie together. `nr` counts the rows of one.

CREATE TEMPORARY TABLE people AS SELECT generate_series(1, 2000) AS owner;
CREATE TEMPORARY TABLE owned AS
    SELECT nr * 2000 + owner AS id, owner, nr
    FROM generate_series(0, 49) AS nr, generate_series(1, 1999) AS owner
    UNION ALL
    SELECT 100001 + nr, 2000, nr FROM generate_series(0, 99999) AS nr;
CREATE TEMPORARY TABLE verbs AS
    SELECT '{buy,call,write,paint,read,clean,plan,mend,sell,send}'::text[] AS verbs;

-- People and how they sign in

INSERT INTO accounts_user (id, password, is_superuser, email, display_name, time_zone, locale,
    date_order, week_start, is_active, is_staff, created_at)
SELECT owner, '!', false, 'person' || owner || '@example.com', 'Person ' || owner, 'UTC', 'en-GB',
    'dmy', 1, true, false, now() - interval '1 year'
FROM people;

INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT 'person' || owner || '@example.com', true, true, owner FROM people;

INSERT INTO accounts_apisession (id, user_id, generation, confirmed_generation, odd_retries,
    odd_generation, created_at, rotated_at, last_used_at, expires_at, revoked_at, revoked_reason,
    password_fingerprint, client, remember, label, user_agent, authenticated_at, methods)
SELECT gen_random_uuid(), owner, 0, 0, 0, 0, at, at, at, at + interval '30 days',
    CASE WHEN nr % 2 = 1 THEN at END, '', encode(sha256('!'), 'hex'), 'token', true, '', '', at, '[]'
FROM (SELECT owner, nr, now() - nr * interval '13 days' AS at
      FROM generate_series(0, 9) AS nr, people) AS rows;

INSERT INTO usersessions_usersession (id, user_id, created_at, ip, last_seen_at, session_key,
    user_agent, data)
SELECT nr * 2000 + owner, owner, at, '127.0.0.1', at, nr || 'key' || owner, '', '{}'
FROM (SELECT owner, nr, now() - nr * interval '14 days' AS at
      FROM generate_series(0, 2) AS nr, people) AS rows;

INSERT INTO accounts_pagesession (id, user_session_id, label)
SELECT gen_random_uuid(), id, '' FROM usersessions_usersession;

INSERT INTO django_session (session_key, session_data, expire_date)
SELECT session_key, '', last_seen_at + interval '14 days' FROM usersessions_usersession;

INSERT INTO accounts_authevent (user_id, at, kind, client, count, user_agent)
SELECT owner, now() - nr * interval '10 days', 'signed_in', '', 1, ''
FROM generate_series(0, 19) AS nr, people;

INSERT INTO accounts_devicerequest (id, device_code_hash, user_code_hash, created_at, expires_at,
    remember, label, user_agent, "interval", is_approved, password_fingerprint, methods, user_id)
SELECT gen_random_uuid(), 'device' || owner, 'user' || owner, now(),
    now() + (100 - owner) * interval '1 minute', true, '', '', 5, false, '', '[]', owner
FROM people;

-- Lists: the inbox, four more of which the last is archived, and one in the trash

INSERT INTO todos_tasklist (id, owner_id, uid, name, color, position, is_inbox, archived_at,
    trashed_at, created_at)
SELECT nr * 2000 + owner, owner, gen_random_uuid(), CASE nr WHEN 0 THEN 'Inbox' ELSE 'List ' || nr END, 'grey', nr, nr = 0,
    CASE nr WHEN 4 THEN now() END, CASE nr WHEN 5 THEN now() END, now()
FROM generate_series(0, 5) AS nr, people;

INSERT INTO todos_section (id, owner_id, task_list_id, uid, name, position, created_at)
SELECT nr * 2000 + owner, owner, 2000 + owner, gen_random_uuid(), 'Section ' || nr, nr, now()
FROM generate_series(0, 2) AS nr, people;

INSERT INTO todos_tag (id, owner_id, uid, name, name_key, color, created_at)
SELECT nr * 2000 + owner, owner, gen_random_uuid(), 'tag' || nr, 'tag' || nr, 'grey', now()
FROM generate_series(0, 4) AS nr, people;

INSERT INTO todos_savedfilter (owner_id, uid, name, query, created_at)
SELECT owner, gen_random_uuid(), 'Urgent', 'p1 & @tag1', now() FROM people;

-- Tasks: of each 20, two are below another, six done, one in the trash; a fifth has a time

INSERT INTO todos_task (id, owner_id, created_by_id, task_list_id, section_id, parent_id, uid,
    title, description, priority, due_on, due_time, due_zone, due_at, rule, repeats_from,
    completed_at, trashed_at, trashed_with, position, version, created_at, updated_at)
SELECT id, owner, owner,
    CASE WHEN is_below THEN 2000 + owner ELSE nr % 6 * 2000 + owner END,
    CASE WHEN nr % 6 = 1 AND NOT is_below AND nr % 4 > 0 THEN nr % 3 * 2000 + owner END,
    CASE WHEN is_below THEN id - (nr % 20 - 7) * CASE owner WHEN 2000 THEN 1 ELSE 2000 END END,
    uid, verbs[1 + nr % 10] || ' thing ' || nr, 'as ' || verbs[1 + nr / 10 % 10], 1 + nr % 4,
    day, CASE WHEN nr % 5 = 0 THEN time '09:00' END, CASE WHEN nr % 5 = 0 THEN 'UTC' ELSE '' END,
    CASE WHEN nr % 5 = 0 THEN (day + time '09:00') AT TIME ZONE 'UTC' END, '', 'due',
    CASE WHEN nr % 10 IN (2, 3, 4) THEN now() - nr % 1000 * interval '1 hour' END,
    CASE WHEN is_trashed OR list_is_trashed THEN now() - nr % 29 * interval '1 day' END,
    CASE WHEN is_trashed THEN uid
         WHEN list_is_trashed THEN (SELECT uid FROM todos_tasklist WHERE id = 10000 + owner) END,
    nr * 65536::bigint, 1, now() - nr * interval '1 minute', now() - nr % 300 * interval '1 hour'
FROM (SELECT id, owner, nr, nr % 20 IN (8, 9) AS is_below, nr % 20 = 6 AS is_trashed,
          nr % 6 = 5 AND nr % 20 NOT IN (8, 9) AS list_is_trashed, gen_random_uuid() AS uid,
          current_date + nr % 120 - 30 AS day
      FROM owned) AS rows, verbs;

INSERT INTO todos_tasktag (owner_id, task_id, tag_id)
SELECT owner, id, nr % 5 * 2000 + owner FROM owned;

INSERT INTO todos_searchtext (task_id, owner_id, words)
SELECT id, owner, concat_ws(' ', owner || 't' || verbs[1 + nr % 10], owner || 'tthing',
    owner || 't' || nr, owner || 'nas', owner || 'n' || verbs[1 + nr / 10 % 10])
FROM owned, verbs;

INSERT INTO todos_completion (owner_id, task_id, uid, occurrence, completed_at, missed, by_id)
SELECT owner, id, gen_random_uuid(), '', now() - nr % 1000 * interval '1 hour', 0, owner
FROM owned WHERE nr % 10 IN (2, 3, 4);

INSERT INTO todos_comment (owner_id, task_id, by_id, text, created_at)
SELECT owner, id, owner, 'Well said', now() FROM owned WHERE nr % 10 = 1;

INSERT INTO todos_reminder (owner_id, task_id, uid, minutes_before, fires_at, attempts, last_error,
    created_at)
SELECT owner, id, gen_random_uuid(), 30, now() + nr % 90 * interval '1 day', 0, '', now()
FROM owned WHERE nr % 10 = 5;

-- What happened, and what waits to be done

INSERT INTO todos_change (id, owner_id, number, at, by_id, session, kind, object_kind, object_id,
    uid, list_id, before, after, batch, follows, undoes_id)
SELECT id, owner, nr + 1, now() - (120 - nr % 120) * interval '1 day', owner, gen_random_uuid(),
    'created', 'task', id, gen_random_uuid(), owner, '{}', '{"title": "thing", "trashed_at": null}',
    CASE WHEN nr % 10 IN (6, 7) THEN gen_random_uuid() END, CASE nr % 10 WHEN 7 THEN nr END,
    CASE nr % 25 WHEN 24 THEN id - CASE owner WHEN 2000 THEN 1 ELSE 2000 END END
FROM owned;

INSERT INTO todos_journal (owner_id, last_number)
SELECT owner, max(nr) + 1 FROM owned GROUP BY owner;

INSERT INTO todos_storedanswer (owner_id, method, path, key, body_hash, status, body, created_at)
SELECT owner, 'POST', '/api/v1/tasks/', id, '', 201, '{}', now() - nr % 30 * interval '1 hour'
FROM owned WHERE nr % 10 = 7 AND nr < 1000;

INSERT INTO django_tasks_database_dbtaskresult (id, status, args_kwargs, priority, task_path,
    queue_name, backend_name, run_after, enqueued_at, finished_at, exception_class_path, traceback,
    worker_ids)
SELECT gen_random_uuid(), CASE nr % 2 WHEN 0 THEN 'READY' ELSE 'SUCCESSFUL' END,
    '{"args": [1], "kwargs": {}}', 0, 'todos.tasks.send_reminder', 'default', 'default',
    now() + nr * interval '1 day', now(),
    CASE nr % 2 WHEN 1 THEN now() - nr * interval '10 hours' END, '', '', '[]'
FROM generate_series(1, 20) AS nr, people;
