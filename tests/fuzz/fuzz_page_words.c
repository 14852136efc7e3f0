/* Any words in the place of a sample's own: what fuzz_page reaches only when
 * the mutated body is still JSON. Lines of the input replace the sample's
 * texts one after the other. */
#include "tests/fuzz/pages.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

static const char *const samples[] = {
    "data/erqi/e00-title.json",
    "data/erqi/e01-rainstorm.json",
    "data/erqi/q01-gdp.json",
    "data/erqi/w01-spending.json",
    "data/erqi/g01-air.json",
    "data/erqi/q08-shopping-quarter.json",
    "data/samples/sample-countdown.json",
    "data/samples/sample-growth-line.json",
    "data/samples/sample-growth.json",
    "data/samples/sample-notice.json",
    "data/samples/sample-place.json",
    "data/samples/sample-qr.json",
    "data/samples/sample-situation.json",
    "data/drills/flood-red.json",
    "data/drills/flash-flood-red.json",
    "data/drills/water-outage-blue.json",
    "tests/messages/valid_alert_every_field.json",
    "tests/messages/valid_alert_cancel.json",
    "tests/messages/valid_figures_at_limit.json",
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

/* Words that are chosen from a list, or have a form of their own. */
static bool is_free(const char *field)
{
    static const char *const bound[] = {
        "kind", "id",     "template", "section", "date",      "at",
        "url",  "status", "type",     "urgency", "certainty", "sent",
        "web",  "until",  "expires",  "style",   "effective",
    };

    for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++) {
        if (strcmp(field, bound[i]) == 0)
            return false;
    }
    return true;
}

/* An empty line leaves the sample's own words. */
static void replace_text(json_t *text, char **lines)
{
    char *line = strsep(lines, "\n");

    if (line && line[0] != '\0')
        json_string_set(text, line);
}

static void replace_texts(json_t *value, char **lines)
{
    const char *field;
    json_t *entry;
    size_t index;

    if (json_is_string(value))
        replace_text(value, lines);
    json_array_foreach(value, index, entry) replace_texts(entry, lines);
    json_object_foreach(value, field, entry)
    {
        if (is_free(field))
            replace_texts(entry, lines);
    }
}

static struct message *make_message(const char *path, char *lines)
{
    size_t bytes = 0;
    char *text = fuzz_source(path, &bytes);
    json_t *body = json_loadb(text, bytes, 0, NULL);
    struct message *message = NULL;
    struct problem problem = {0};

    FUZZ_CHECK(body);
    free(text);
    replace_texts(body, &lines);
    text = json_dumps(body, JSON_REAL_PRECISION(15));
    json_decref(body);
    FUZZ_CHECK(text);
    if (!message_parse(text, strlen(text), MESSAGE_DRAFT, path, &message,
                       &problem))
        fuzz_check_problem(&problem);
    free(text);
    return message;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;

    fuzz_input_split(data, size, &input);
    const char *sample = samples[fuzz_input_next(&input, SAMPLES)];
    char *lines = fuzz_utf8(input.text, input.bytes);
    struct message *message = make_message(sample, lines);
    if (message) {
        struct page_context context = fuzz_context(&input, message->kind);
        if (message->issued_ms == TIMESTAMP_NONE)
            message->issued_ms = FUZZ_NOW_MS;
        fuzz_check_pages(message, &context);
        message_destroy(message);
    }
    free(lines);
    fuzz_input_finish(&input);
    return 0;
}
