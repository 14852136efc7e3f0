/* Every option that a command may take, in the order of the help. */
#include "publisher/cli/option_table.h"

#include "base/utf8.h"
#include "protocol/broker_address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(field) offsetof(struct options, field)

const struct option_row option_rows[] = {
    {"help", NULL, NULL, "prints this", OPTION_EVERY, OPTION_FLAG, FIELD(help),
     0, 0},
    {"config", "FILE", NULL,
     "configuration; default ~/.config/gaoshi/"
     "publish.conf, else /etc/gaoshi/publish.conf",
     OPTION_SEND, OPTION_FILE, FIELD(config_file), 0, 0},
    {"broker", "URL", "broker.address",
     "mqtt://HOST:PORT or mqtts://HOST:PORT;"
     " may be repeated, they are tried in turn",
     OPTION_SEND | OPTION_MEMBER, OPTION_BROKERS, FIELD(brokers), 0,
     LINK_BROKER_MAX},
    {"org", "NAME", "publisher.org", "organisation, part of every topic",
     OPTION_SEND | OPTION_AUTHORITY | OPTION_GRANT, OPTION_TEXT, FIELD(org), 0,
     0},
    {"key", "FILE", "publisher.key", "private key (PEM) that signs",
     OPTION_SEND, OPTION_FILE, FIELD(key_file), 0, 0},
    {"pass-phrase-file", "FILE", "publisher.pass_phrase_file",
     "its first line opens the key; without it the terminal asks",
     OPTION_SECRET, OPTION_FILE, FIELD(pass_phrase_file), 0, 0},
    {"scope", "SCOPE", "publisher.scope",
     "all, area-CODE, group-NAME or "
     "screen-ID; default: the file's, else all",
     OPTION_SEND | OPTION_OPERATOR, OPTION_TEXT, FIELD(scope), 0, 0},
    {"dry-run", NULL, NULL,
     "prints topic and body, sends nothing; needs no "
     "broker and no key",
     OPTION_SEND, OPTION_FLAG, FIELD(dry_run), 0, 0},
    {"timeout", "SECONDS", "publisher.timeout",
     "how long to wait without any "
     "progress; default 10",
     OPTION_SEND, OPTION_NUMBER, FIELD(timeout_s), 1, 3600},
    {"state", "FILE", "publisher.state",
     "outbox; default ~/.local/state/"
     "gaoshi/outbox.db",
     OPTION_SEND, OPTION_FILE, FIELD(state_file), 0, 0},
    {"wait-shown", "N", NULL, "waits until N screens have shown each message",
     OPTION_SHOWN, OPTION_NUMBER, FIELD(wait_shown), 0, 10000},
    {"username", "NAME", "broker.username", "name at the broker", OPTION_SEND,
     OPTION_TEXT, FIELD(username), 0, 0},
    {"password-file", "FILE", "broker.password_file",
     "its first line is the password", OPTION_SEND, OPTION_FILE,
     FIELD(password_file), 0, 0},
    {"ca", "FILE", "broker.ca", "certificate of the broker's CA, for mqtts",
     OPTION_SEND, OPTION_FILE, FIELD(ca_file), 0, 0},
    {"cert", "FILE", "broker.cert", "our own certificate for mqtts",
     OPTION_SEND, OPTION_FILE, FIELD(cert_file), 0, 0},
    {"cert-key", "FILE", "broker.key", "its private key", OPTION_SEND,
     OPTION_FILE, FIELD(cert_key_file), 0, 0},
    {"mqtt", "VERSION", "broker.mqtt", "5 (default), or 4 for MQTT 3.1.1",
     OPTION_SEND, OPTION_NUMBER, FIELD(mqtt_version), 4, 5},

    {"id", "ID", NULL,
     "the alert's own name: a-z 0-9 . _ -; default of a template: its "
     "name, the time, four characters",
     OPTION_NEW, OPTION_TEXT, FIELD(id), 0, 0},
    {"template", "NAME", NULL,
     "texts and defaults of an event; see alert "
     "templates",
     OPTION_RAISE, OPTION_TEXT, FIELD(template_name), 0, 0},
    {"area", "CODE", NULL,
     "national area code, 2, 4, 6, 9 or 12 digits: the "
     "same as --scope area-CODE",
     OPTION_AREA, OPTION_TEXT, FIELD(area_code), 0, 0},
    {"event", "TEXT", NULL, "暴雨", OPTION_RAISE | OPTION_CANCEL, OPTION_TEXT,
     FIELD(event), 0, 0},
    {"event-code", "CODE", NULL, "national event code, 11B03", OPTION_RAISE,
     OPTION_TEXT, FIELD(event_code), 0, 0},
    {"level", "LEVEL", NULL, "red, orange, yellow or blue", OPTION_RAISE,
     OPTION_TEXT, FIELD(level), 0, 0},
    {"headline", "TEXT", NULL, "one line: who warns of what", OPTION_RAISE,
     OPTION_TEXT, FIELD(headline), 0, 0},
    {"instruction", "TEXT", NULL, "what to do: the biggest text on the glass",
     OPTION_RAISE, OPTION_TEXT, FIELD(instruction), 0, 0},
    {"description", "TEXT", NULL, "what happened", OPTION_RAISE, OPTION_TEXT,
     FIELD(description), 0, 0},
    {"area-text", "TEXT", NULL, "where, in words", OPTION_RAISE, OPTION_TEXT,
     FIELD(area_text), 0, 0},
    {"sender", "TEXT", "publisher.sender", "who warns", OPTION_RAISE,
     OPTION_TEXT, FIELD(sender), 0, 0},
    {"status", "STATUS", NULL, "actual, exercise or test",
     OPTION_RAISE | OPTION_CANCEL, OPTION_TEXT, FIELD(status), 0, 0},
    {"urgency", "WORD", NULL, "immediate, expected, future, past, unknown",
     OPTION_RAISE, OPTION_TEXT, FIELD(urgency), 0, 0},
    {"certainty", "WORD", NULL, "observed, likely, possible, unlikely, unknown",
     OPTION_RAISE, OPTION_TEXT, FIELD(certainty), 0, 0},
    {"response-level", "TEXT", NULL, "Ⅰ to Ⅳ: level of the response",
     OPTION_RAISE, OPTION_TEXT, FIELD(response_level), 0, 0},
    {"web", "URL", NULL, "drawn as a QR code", OPTION_RAISE, OPTION_TEXT,
     FIELD(web), 0, 0},
    {"expires", "TIME", NULL, "2021-07-20T18:30:00+08:00",
     OPTION_RAISE | OPTION_GRANT, OPTION_TEXT, FIELD(expires), 0, 0},
    {"until", "+TIME", NULL, "the same from now on: +6h, +30m, +2d",
     OPTION_RAISE, OPTION_TEXT, FIELD(until), 0, 0},
    {"contact", "LABEL=NUMBER", NULL, "a hotline; may be repeated",
     OPTION_RAISE, OPTION_LIST, FIELD(contacts), 0, LIMIT_CONTACTS},
    {"event-en", "TEXT", NULL, "the event in English", OPTION_RAISE,
     OPTION_TEXT, FIELD(event_en), 0, 0},
    {"headline-en", "TEXT", NULL, "the headline in English", OPTION_RAISE,
     OPTION_TEXT, FIELD(headline_en), 0, 0},
    {"instruction-en", "TEXT", NULL, "what to do, in English", OPTION_RAISE,
     OPTION_TEXT, FIELD(instruction_en), 0, 0},
    {"reason", "TEXT", NULL, "why it ended", OPTION_CANCEL, OPTION_TEXT,
     FIELD(reason), 0, 0},

    {"preview", "FILE.png", NULL,
     "draws what will be on the glass, sends "
     "nothing",
     OPTION_PREVIEW, OPTION_FILE, FIELD(preview_file), 0, 0},
    {"size", "WxH", NULL, "of the preview; default 1920x1080", OPTION_PREVIEW,
     OPTION_TEXT, FIELD(preview_size), 0, 0},
    {"preview-config", "FILE", NULL,
     "of the preview: a screen's own configuration, display.conf",
     OPTION_PREVIEW, OPTION_FILE, FIELD(preview_config), 0, 0},
    {"data", "DIR", NULL, "folder with data/ and fonts/", OPTION_DATA,
     OPTION_FILE, FIELD(data), 0, 0},
    {"yes", NULL, NULL, "sends without asking, whoever is told",
     OPTION_CARE | OPTION_IMPORT, OPTION_FLAG, FIELD(yes), 0, 0},
    {"confirm-level", "LEVEL", "publisher.confirm_level",
     "asks before an alert of this level or a higher one; default red",
     OPTION_CARE | OPTION_IMPORT, OPTION_TEXT, FIELD(confirm_level), 0, 0},
    {"confirm-scope", "WIDTH", "publisher.confirm_scope",
     "that goes so far or farther: all, province, city, district (default), "
     "township, community, group, screen",
     OPTION_CARE | OPTION_IMPORT, OPTION_TEXT, FIELD(confirm_scope), 0, 0},
    {"force", NULL, NULL, "against what the outbox and the list of keys know",
     OPTION_CARE | OPTION_OUTBOX, OPTION_FLAG, FIELD(force), 0, 0},
    {"with-waiting", NULL, NULL,
     "also sends what waits in the outbox of earlier commands", OPTION_OUTBOX,
     OPTION_FLAG, FIELD(with_waiting), 0, 0},
    {"key-list", "FILE", "publisher.key_list",
     "signed list of keys: what our key may sign is looked up in it",
     OPTION_OUTBOX, OPTION_FILE, FIELD(key_list), 0, 0},
    {"all", NULL, NULL, "everything that waits", OPTION_DROP, OPTION_FLAG,
     FIELD(all), 0, 0},
    {"all", NULL, NULL, "also what expired or was cancelled", OPTION_SENT,
     OPTION_FLAG, FIELD(all), 0, 0},

    {"again", NULL, NULL, "sends it although it was sent before", OPTION_IMPORT,
     OPTION_FLAG, FIELD(again), 0, 0},
    {"once", NULL, NULL, "takes what is there, or sends one tick, then ends",
     OPTION_WATCH | OPTION_HEARTBEAT, OPTION_FLAG, FIELD(once), 0, 0},
    {"every", "SECONDS", NULL,
     "between two ticks; default 30. With --once: promises the next one",
     OPTION_HEARTBEAT, OPTION_NUMBER, FIELD(every_s), 1, LIMIT_TICK_EVERY_S},

    {"out", "DIR", NULL, "folder for the files; made if it is missing",
     OPTION_OUT, OPTION_FILE, FIELD(out_folder), 0, 0},
    {"name", "NAME", NULL, "NAME.pem and NAME.pub.pem; default gaoshi",
     OPTION_KEYS, OPTION_TEXT, FIELD(name), 0, 0},
    {"algorithm", "NAME", NULL, "ed25519 (default) or sm2", OPTION_KEYS,
     OPTION_TEXT, FIELD(algorithm), 0, 0},
    {"lock", NULL, NULL, "puts the private key under a pass-phrase",
     OPTION_KEYS, OPTION_FLAG, FIELD(lock), 0, 0},

    {"root", "FILE", "publisher.root",
     "root key: its private half signs lists of keys, its public half checks "
     "them",
     OPTION_ROOT | OPTION_SCREEN | OPTION_OPERATOR, OPTION_FILE,
     FIELD(root_file), 0, 0},
    {"clock-is-right", NULL, NULL,
     "signs also when the list was signed by a clock that was ahead",
     OPTION_EDIT, OPTION_FLAG, FIELD(clock_is_right), 0, 0},
    {"reinstate", NULL, NULL, "also a key that was revoked", OPTION_REINSTATE,
     OPTION_FLAG, FIELD(reinstate), 0, 0},
    {"role", "ROLE", NULL,
     "panels, alerts or commands: what it may sign; may be repeated",
     OPTION_GRANT, OPTION_LIST, FIELD(grant_roles), 0, 3},
    {"scope", "SCOPE", NULL,
     "whom it may speak to; may be repeated; default: everybody", OPTION_GRANT,
     OPTION_LIST, FIELD(grant_scopes), 0, LIMIT_KEY_SCOPES},
    {"from", "TIME", NULL, "since when it may sign; default: always",
     OPTION_GRANT, OPTION_TEXT, FIELD(grant_from), 0, 0},
    {"name", "TEXT", NULL, "whose it is, for people", OPTION_GRANT, OPTION_TEXT,
     FIELD(name), 0, 0},

    {"ca", "DIR", NULL, "folder that provision ca made", OPTION_TOWN,
     OPTION_FILE, FIELD(town_folder), 0, 0},
    {"area", "CODE", NULL, "national area code of the place, 12 digits",
     OPTION_SCREEN, OPTION_TEXT, FIELD(area_code), 0, 0},
    {"group", "NAME", NULL, "a group of the screen; may be repeated",
     OPTION_SCREEN, OPTION_LIST, FIELD(screen_groups), 0, LINK_BROKER_MAX},
    {"trust", "FILE", NULL,
     "public key that may sign for the screen without a list; may be repeated",
     OPTION_SCREEN, OPTION_FILES, FIELD(trust_files), 0, LINK_BROKER_MAX},
};
const size_t option_row_count = sizeof option_rows / sizeof option_rows[0];
_Static_assert(sizeof option_rows / sizeof option_rows[0] <= OPTION_ROWS_MAX,
               "struct option_set has a place for each row");

static bool store_number(int *field, const struct option_row *row,
                         const char *value, struct problem *problem)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < row->least ||
        number > row->most)
        return problem_set(problem, PROBLEM_FIELD,
                           "%s '%s': expected a number from %d to %d",
                           row->name, value, row->least, row->most);
    *field = (int)number;
    return true;
}

/* Words go into messages, and a terminal may speak GBK. */
static bool check_words(const struct option_row *row, const char *value,
                        struct problem *problem)
{
    size_t at = 0;

    if ((row->kind != OPTION_TEXT && row->kind != OPTION_LIST) ||
        utf8_is_valid(value, strlen(value), &at))
        return true;
    return problem_set(problem, PROBLEM_FIELD,
                       "--%s: byte 0x%02X found, UTF-8 expected: is the "
                       "terminal's encoding another one?",
                       row->name, (unsigned char)value[at]);
}

static bool store_listed(struct option_list *list, const struct option_row *row,
                         const char *value, struct problem *problem)
{
    if (list->count == (size_t)row->most)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%s: given more than %d times", row->name,
                           row->most);
    list->texts[list->count++] = value;
    return true;
}

static bool store_broker(struct option_list *list, const struct option_row *row,
                         const char *value, struct problem *problem)
{
    struct broker_address address;

    return broker_address_parse(value, &address, problem) &&
           store_listed(list, row, value, problem);
}

bool option_is_typed(const struct options *options, const char *name)
{
    for (size_t i = 0; i < option_row_count; i++)
        if (strcmp(option_rows[i].name, name) == 0)
            return options->typed.has[i];
    return false;
}

size_t option_number(const struct option_row *row)
{
    return (size_t)(row - option_rows);
}

bool option_store(struct options *options, const struct option_row *row,
                  const char *value, struct problem *problem)
{
    void *field = (char *)options + row->offset;

    if (!check_words(row, value, problem))
        return false;
    options->given.has[option_number(row)] = true;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
    case OPTION_FILE:
        *(const char **)field = value;
        return true;
    case OPTION_BROKERS:
        return store_broker(field, row, value, problem);
    case OPTION_LIST:
    case OPTION_FILES:
        return store_listed(field, row, value, problem);
    case OPTION_NUMBER:
        return store_number(field, row, value, problem);
    }
    return false;
}
