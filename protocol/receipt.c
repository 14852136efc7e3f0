/* Writes and reads receipts, presence and state of screens. */
#include "protocol/receipt.h"

#include "base/timestamp.h"
#include "base/utf8.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *const event_names[RECEIPT_COUNT] = {
    [RECEIPT_VERIFIED] = "verified",
    [RECEIPT_REFUSED] = "refused",
    [RECEIPT_SHOWN] = "shown",
    [RECEIPT_ENDED] = "ended",
};

const char *receipt_event_name(enum receipt_event event)
{
    return event_names[event];
}

/* A reason may quote bytes from outside: those that are not UTF-8 become
 * U+FFFD. */
static json_t *clean_string(const char *text)
{
    size_t used = 0;
    char *clean = malloc(strlen(text) * 3 + 1);

    if (!clean)
        return NULL;
    for (uint32_t codepoint; (codepoint = utf8_next(&text)) != 0;) {
        char bytes[4];
        size_t length = utf8_put(codepoint, bytes);
        memcpy(clean + used, bytes, length);
        used += length;
    }
    json_t *string = json_stringn(clean, used);
    free(clean);
    return string;
}

static json_t *time_value(int64_t ms)
{
    return ms == TIMESTAMP_NONE ? json_null() : json_integer(ms);
}

/* Takes the object; NULL stays NULL. */
static char *print_and_release(json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    json_decref(object);
    return text;
}

char *receipt_format(const struct receipt *receipt)
{
    return print_and_release(json_pack(
        "{s:i, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o*, s:o*, s:s*}", "gaoshi",
        1, "event", event_names[receipt->event], "message", receipt->message,
        "screen", receipt->screen, "seq", (json_int_t)receipt->seq, "at_ms",
        time_value(receipt->at_ms), "reason", clean_string(receipt->reason),
        "text", clean_string(receipt->text), "ignored",
        receipt->ignored[0] ? clean_string(receipt->ignored) : NULL, "left_out",
        receipt->left_out[0] ? clean_string(receipt->left_out) : NULL, "digest",
        receipt->digest[0] ? receipt->digest : NULL));
}

/* Absent is ""; too long or not a text: false. */
static bool copy_text(json_t *object, const char *name, char *out, size_t size)
{
    json_t *value = json_object_get(object, name);

    out[0] = '\0';
    if (!value)
        return true;
    if (!json_is_string(value) || json_string_length(value) >= size)
        return false;
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return true;
}

static bool read_event(json_t *object, enum receipt_event *out)
{
    const char *name = json_string_value(json_object_get(object, "event"));

    for (int i = 0; name && i < RECEIPT_COUNT; i++) {
        if (strcmp(name, event_names[i]) == 0) {
            *out = (enum receipt_event)i;
            return true;
        }
    }
    return false;
}

/* Unknown fields, which a later version may add, are skipped. */
static bool read_receipt(json_t *object, struct receipt *out)
{
    json_t *seq = json_object_get(object, "seq");
    json_t *at = json_object_get(object, "at_ms");

    if (json_integer_value(json_object_get(object, "gaoshi")) != 1 ||
        !read_event(object, &out->event) || !json_is_integer(seq) ||
        !(json_is_integer(at) || json_is_null(at)))
        return false;
    out->seq = json_integer_value(seq);
    out->at_ms = json_is_null(at) ? TIMESTAMP_NONE : json_integer_value(at);
    return copy_text(object, "message", out->message, sizeof out->message) &&
           copy_text(object, "screen", out->screen, sizeof out->screen) &&
           copy_text(object, "reason", out->reason, sizeof out->reason) &&
           copy_text(object, "text", out->text, sizeof out->text) &&
           copy_text(object, "ignored", out->ignored, sizeof out->ignored) &&
           copy_text(object, "left_out", out->left_out, sizeof out->left_out) &&
           copy_text(object, "digest", out->digest, sizeof out->digest) &&
           identifier_is_valid(out->message) &&
           identifier_is_valid(out->screen);
}

bool receipt_parse(const char *bytes, size_t size, struct receipt *out)
{
    struct receipt receipt;

    if (size > LIMIT_RECEIPT_BYTES)
        return false;
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    bool fine = read_receipt(object, &receipt);
    json_decref(object);
    if (fine)
        *out = receipt;
    return fine;
}

char *presence_format(enum presence presence, const char *screen,
                      const char *version, int64_t run, int64_t at_ms)
{
    return print_and_release(json_pack(
        "{s:i, s:s, s:s, s:s, s:o*, s:o}", "gaoshi", 1, "presence",
        presence == PRESENCE_ONLINE ? "online" : "offline", "screen", screen,
        "version", version, "run", run > 0 ? json_integer(run) : NULL, "at_ms",
        time_value(at_ms)));
}

/* Absent counts as NULL. */
static bool read_time(json_t *object, const char *name, int64_t *out)
{
    json_t *value = json_object_get(object, name);

    *out = json_is_integer(value) ? json_integer_value(value) : TIMESTAMP_NONE;
    return !value || json_is_null(value) || json_is_integer(value);
}

/* Absent is 0. */
static bool read_number(json_t *object, const char *name, int64_t *out)
{
    json_t *value = json_object_get(object, name);

    *out = json_integer_value(value);
    return !value || json_is_integer(value);
}

bool presence_parse(const char *bytes, size_t size, struct presence_said *out)
{
    struct presence_said said = {.presence = PRESENCE_OFFLINE};
    char word[16];

    if (size > LIMIT_RECEIPT_BYTES)
        return false;
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    bool fine = json_integer_value(json_object_get(object, "gaoshi")) == 1 &&
                copy_text(object, "presence", word, sizeof word) &&
                copy_text(object, "screen", said.screen, sizeof said.screen) &&
                copy_text(object, "version", said.version,
                          sizeof said.version) &&
                read_number(object, "run", &said.run) &&
                read_time(object, "at_ms", &said.at_ms) &&
                identifier_is_valid(said.screen);
    json_decref(object);
    said.presence = fine && strcmp(word, "online") == 0 ? PRESENCE_ONLINE
                                                        : PRESENCE_OFFLINE;
    fine = fine &&
           (said.presence == PRESENCE_ONLINE || strcmp(word, "offline") == 0);
    if (fine)
        *out = said;
    return fine;
}

/* NULL, which leaves the field out, without alerts. */
static json_t *alert_list(const struct screen_alert *alerts, size_t count,
                          bool times)
{
    json_t *list = count > 0 ? json_array() : NULL;

    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:o*}", "id", alerts[i].id, "seq",
                            (json_int_t)alerts[i].seq, "at_ms",
                            times ? time_value(alerts[i].at_ms) : NULL));
    return list;
}

static json_t *text_value(const char *text)
{
    return text && text[0] ? clean_string(text) : NULL;
}

static json_t *number_value(int64_t number)
{
    return number != 0 ? json_integer(number) : NULL;
}

/* What is not known is left out. */
static void put_optional(json_t *object, const char *name, json_t *value)
{
    if (value)
        json_object_set_new(object, name, value);
}

/* What a screen tells of itself besides the first version's fields. */
static void put_vitals(json_t *object, const struct screen_state *state)
{
    put_optional(object, "run", number_value(state->run));
    put_optional(object, "area", text_value(state->area));
    put_optional(object, "groups", text_value(state->groups));
    if (state->until_ms != 0)
        put_optional(object, "until_ms", time_value(state->until_ms));
    put_optional(object, "live",
                 alert_list(state->live, state->live_count, false));
    put_optional(object, "shown",
                 alert_list(state->shown, state->shown_count, true));
    put_optional(object, "uptime_s", number_value(state->uptime_s));
    put_optional(object, "memory_free_bytes",
                 number_value(state->memory_free_bytes));
    put_optional(object, "disk_free_bytes",
                 number_value(state->disk_free_bytes));
    put_optional(object, "temperature_c", number_value(state->temperature_c));
    put_optional(object, "throttled", text_value(state->throttled));
    put_optional(object, "system", text_value(state->system));
    put_optional(object, "certificate_until_ms",
                 number_value(state->certificate_until_ms));
    put_optional(object, "last_error", text_value(state->last_error));
    if (state->last_error && state->last_error[0])
        put_optional(object, "last_error_ms", time_value(state->last_error_ms));
}

/* Counts that are told only where they are not 0. */
static void put_counts(json_t *object, const struct screen_state *state)
{
    const struct {
        const char *name;
        int count;
    } counts[] = {{"waiting", state->waiting},
                  {"pictures_missing", state->pictures_missing},
                  {"pictures_spoilt", state->pictures_spoilt}};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i].count > 0)
            json_object_set_new(object, counts[i].name,
                                json_integer(counts[i].count));
}

char *screen_state_format(const struct screen_state *state)
{
    json_t *object = json_pack(
        "{s:i, s:s, s:s, s:s, s:I, s:o, s:s*, s:i, s:i, s:i, s:b, s:I, s:b, "
        "s:s*, s:b, s:s*, s:o, s:o, s:I, s:I, s:I, s:b}",
        "gaoshi", 1, "screen", state->screen, "version", state->version,
        "showing", state->showing, "showing_seq",
        (json_int_t)state->showing_seq, "since_ms", time_value(state->since_ms),
        "glass", state->glass, "panels", state->panels, "alerts", state->alerts,
        "missing", state->missing, "frozen", state->frozen, "keys_seq",
        (json_int_t)state->keys_seq, "clock_trusted", state->clock_trusted,
        "clock_reason", state->clock_reason, "store_ok", state->store_ok,
        "line", state->line_problem, "news_ms", time_value(state->news_ms),
        "tick_ms", time_value(state->tick_ms), "resident_bytes",
        (json_int_t)state->resident_bytes, "frames", (json_int_t)state->frames,
        "frames_late", (json_int_t)state->frames_late, "safe_mode",
        state->safe_mode);

    if (object) {
        put_vitals(object, state);
        put_counts(object, state);
        if (state->light)
            json_object_set_new(object, "light", json_string(state->light));
        json_object_set_new(object, "at_ms", time_value(state->at_ms));
    }
    return print_and_release(object);
}

/* A state that is being read: where its texts and alerts go. */
struct state_reader {
    json_t *object;
    char *texts; /* the next one */
    struct screen_alert *alerts;
    bool good;
};

static const char *take_text(struct state_reader *reader, json_t *value)
{
    char *text = reader->texts;
    size_t bytes = json_string_length(value) + 1;

    if (!json_is_string(value)) {
        reader->good = reader->good && !value;
        return NULL;
    }
    memcpy(text, json_string_value(value), bytes);
    reader->texts += bytes;
    return text;
}

static const char *read_words(struct state_reader *reader, const char *name)
{
    return take_text(reader, json_object_get(reader->object, name));
}

static int64_t read_long(struct state_reader *reader, const char *name)
{
    int64_t number;

    reader->good = read_number(reader->object, name, &number) && reader->good;
    return number;
}

static int read_count(struct state_reader *reader, const char *name)
{
    int64_t number = read_long(reader, name);

    reader->good = reader->good && number >= INT_MIN && number <= INT_MAX;
    return reader->good ? (int)number : 0;
}

static int64_t read_moment(struct state_reader *reader, const char *name)
{
    int64_t ms;

    reader->good = read_time(reader->object, name, &ms) && reader->good;
    return ms;
}

/* Absent is false. */
static bool read_truth(struct state_reader *reader, const char *name)
{
    json_t *value = json_object_get(reader->object, name);

    reader->good = reader->good && (!value || json_is_boolean(value));
    return json_is_true(value);
}

static const struct screen_alert *read_alerts(struct state_reader *reader,
                                              const char *name, size_t *count)
{
    json_t *list = json_object_get(reader->object, name);
    const struct screen_alert *first = reader->alerts;

    *count = json_array_size(list);
    reader->good = reader->good && (!list || json_is_array(list)) &&
                   *count <= SCREEN_STATE_ALERTS;
    for (size_t i = 0; reader->good && i < *count; i++) {
        struct state_reader inner = *reader;
        inner.object = json_array_get(list, i);
        struct screen_alert *alert = reader->alerts++;
        alert->id = read_words(&inner, "id");
        alert->seq = read_long(&inner, "seq");
        alert->at_ms = read_moment(&inner, "at_ms");
        reader->texts = inner.texts;
        reader->good = inner.good && alert->id &&
                       identifier_is_valid(alert->id);
    }
    return first;
}

static void read_state(struct state_reader *reader, struct screen_state *out)
{
    out->screen = read_words(reader, "screen");
    out->version = read_words(reader, "version");
    out->run = read_long(reader, "run");
    out->area = read_words(reader, "area");
    out->groups = read_words(reader, "groups");
    out->showing = read_words(reader, "showing");
    out->showing_seq = read_long(reader, "showing_seq");
    out->since_ms = read_moment(reader, "since_ms");
    out->until_ms = read_moment(reader, "until_ms");
    out->glass = read_words(reader, "glass");
    out->panels = read_count(reader, "panels");
    out->alerts = read_count(reader, "alerts");
    out->waiting = read_count(reader, "waiting");
    out->pictures_missing = read_count(reader, "pictures_missing");
    out->pictures_spoilt = read_count(reader, "pictures_spoilt");
    out->light = read_words(reader, "light");
    out->live = read_alerts(reader, "live", &out->live_count);
    out->shown = read_alerts(reader, "shown", &out->shown_count);
    out->missing = read_count(reader, "missing");
    out->frozen = read_truth(reader, "frozen");
    out->tick_ms = read_moment(reader, "tick_ms");
    out->keys_seq = read_long(reader, "keys_seq");
    out->clock_trusted = read_truth(reader, "clock_trusted");
    out->clock_reason = read_words(reader, "clock_reason");
    out->store_ok = read_truth(reader, "store_ok");
    out->line_problem = read_words(reader, "line");
    out->news_ms = read_moment(reader, "news_ms");
    out->resident_bytes = read_long(reader, "resident_bytes");
    out->frames = read_long(reader, "frames");
    out->frames_late = read_long(reader, "frames_late");
    out->safe_mode = read_truth(reader, "safe_mode");
    out->uptime_s = read_long(reader, "uptime_s");
    out->memory_free_bytes = read_long(reader, "memory_free_bytes");
    out->disk_free_bytes = read_long(reader, "disk_free_bytes");
    out->temperature_c = read_count(reader, "temperature_c");
    out->system = read_words(reader, "system");
    out->throttled = read_words(reader, "throttled");
    out->certificate_until_ms = read_long(reader, "certificate_until_ms");
    out->last_error = read_words(reader, "last_error");
    out->last_error_ms = read_moment(reader, "last_error_ms");
    out->at_ms = read_moment(reader, "at_ms");
}

struct screen_state *screen_state_parse(const char *bytes, size_t size)
{
    enum { ALERTS = 2 * SCREEN_STATE_ALERTS };

    if (size > LIMIT_STATE_BYTES)
        return NULL;
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    struct screen_state *state =
        object ? calloc(1, sizeof *state +
                               ALERTS * sizeof(struct screen_alert) + size)
               : NULL;
    if (!state) {
        json_decref(object);
        return NULL;
    }
    struct screen_alert *alerts = (struct screen_alert *)(state + 1);
    /* A text in JSON has at least as many bytes as it says, and two quotes. */
    struct state_reader reader = {object, (char *)(alerts + ALERTS), alerts,
                                  true};
    read_state(&reader, state);
    bool fine = reader.good && state->screen && state->version &&
                state->showing && identifier_is_valid(state->screen) &&
                json_integer_value(json_object_get(object, "gaoshi")) == 1;
    json_decref(object);
    if (fine)
        return state;
    free(state);
    return NULL;
}
