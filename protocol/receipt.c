/* Writes and reads receipts, presence and state of screens. */
#include "protocol/receipt.h"

#include "base/timestamp.h"
#include "base/utf8.h"

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
                      const char *version, int64_t at_ms)
{
    return print_and_release(
        json_pack("{s:i, s:s, s:s, s:s, s:o}", "gaoshi", 1, "presence",
                  presence == PRESENCE_ONLINE ? "online" : "offline", "screen",
                  screen, "version", version, "at_ms", time_value(at_ms)));
}

char *screen_state_format(const struct screen_state *state)
{
    return print_and_release(json_pack(
        "{s:i, s:s, s:s, s:s, s:I, s:o, s:s*, s:i, s:i, s:i, s:b, s:I, s:b, "
        "s:s*, s:b, s:s*, s:o, s:o, s:I, s:I, s:I, s:b, s:o}",
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
        state->safe_mode, "at_ms", time_value(state->at_ms)));
}
