/* Reads alerts and their cancels. */
#include "protocol/alert.h"

#include "protocol/json_read.h"

#include <string.h>

static const char *const status_names[ALERT_STATUS_COUNT] = {
    [ALERT_STATUS_ACTUAL] = "actual",
    [ALERT_STATUS_EXERCISE] = "exercise",
    [ALERT_STATUS_TEST] = "test",
};

static const struct json_words statuses = {
    .names = status_names,
    .count = ALERT_STATUS_COUNT,
    .absent = ALERT_STATUS_ACTUAL,
    .unknown = -1,
};

static const char *const type_names[ALERT_TYPE_COUNT] = {
    [ALERT_TYPE_ALERT] = "alert",
    [ALERT_TYPE_UPDATE] = "update",
};

static const struct json_words types = {
    .names = type_names,
    .count = ALERT_TYPE_COUNT,
    .absent = ALERT_TYPE_ALERT,
    .unknown = -1,
};

static const char *const level_names[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = "red",         [ALERT_LEVEL_ORANGE] = "orange",
    [ALERT_LEVEL_YELLOW] = "yellow",   [ALERT_LEVEL_BLUE] = "blue",
    [ALERT_LEVEL_UNKNOWN] = "unknown",
};

static const struct json_words levels = {
    .names = level_names,
    .count = ALERT_LEVEL_COUNT,
    .absent = ALERT_LEVEL_UNKNOWN,
    .unknown = ALERT_LEVEL_UNKNOWN,
};

static const char *const urgency_names[ALERT_URGENCY_COUNT] = {
    [ALERT_URGENCY_IMMEDIATE] = "immediate",
    [ALERT_URGENCY_EXPECTED] = "expected",
    [ALERT_URGENCY_FUTURE] = "future",
    [ALERT_URGENCY_PAST] = "past",
    [ALERT_URGENCY_UNKNOWN] = "unknown",
};

static const struct json_words urgencies = {
    .names = urgency_names,
    .count = ALERT_URGENCY_COUNT,
    .absent = ALERT_URGENCY_UNKNOWN,
    .unknown = ALERT_URGENCY_UNKNOWN,
};

static const char *const certainty_names[ALERT_CERTAINTY_COUNT] = {
    [ALERT_CERTAINTY_OBSERVED] = "observed",
    [ALERT_CERTAINTY_LIKELY] = "likely",
    [ALERT_CERTAINTY_POSSIBLE] = "possible",
    [ALERT_CERTAINTY_UNLIKELY] = "unlikely",
    [ALERT_CERTAINTY_UNKNOWN] = "unknown",
};

static const struct json_words certainties = {
    .names = certainty_names,
    .count = ALERT_CERTAINTY_COUNT,
    .absent = ALERT_CERTAINTY_UNKNOWN,
    .unknown = ALERT_CERTAINTY_UNKNOWN,
};

/* clang-format off */
#define CONTACT(member) .offset = offsetof(struct alert_contact, member)
static const struct json_field contact_fields[] = {
    {"label", FIELD_LINE, true, CONTACT(label),
     .most = LIMIT_LABEL_CHARACTERS},
    {"number", FIELD_LINE, true, CONTACT(number),
     .most = LIMIT_LABEL_CHARACTERS},
    {0},
};

#define TEXT(member) .offset = offsetof(struct alert_text, member)
static const struct json_field text_fields[] = {
    {"event", FIELD_LINE, TEXT(event), .most = LIMIT_LINE_CHARACTERS},
    {"headline", FIELD_LINE, TEXT(headline),
     .most = LIMIT_HEADLINE_CHARACTERS},
    {"instruction", FIELD_PARAGRAPHS, TEXT(instruction),
     .most = LIMIT_INSTRUCTION_CHARACTERS},
    {0},
};

static const struct json_field reference_field = {
    .name = "reference", .shape = FIELD_IDENTIFIER,
};

#define LIST(type, of, bytes, counter)                                         \
    .list = &(const struct json_list){of, bytes, offsetof(type, counter)}

#define ALERT(member) .offset = offsetof(struct alert, member)
static const struct json_field alert_fields[] = {
    {"status", FIELD_WORD, true, ALERT(status), .words = &statuses},
    {"type", FIELD_WORD, ALERT(type), .words = &types},
    {"level", FIELD_WORD, true, ALERT(level), .words = &levels},
    {"urgency", FIELD_WORD, ALERT(urgency), .words = &urgencies},
    {"certainty", FIELD_WORD, ALERT(certainty), .words = &certainties},
    {"event", FIELD_LINE, true, ALERT(event), .most = LIMIT_LABEL_CHARACTERS},
    {"event_code", FIELD_LINE, ALERT(event_code),
     .most = LIMIT_LABEL_CHARACTERS},
    {"headline", FIELD_LINE, ALERT(headline),
     .most = LIMIT_HEADLINE_CHARACTERS},
    {"instruction", FIELD_PARAGRAPHS, ALERT(instruction),
     .most = LIMIT_INSTRUCTION_CHARACTERS},
    {"description", FIELD_PARAGRAPHS, ALERT(description),
     .most = LIMIT_DESCRIPTION_CHARACTERS},
    {"area", FIELD_LINE, true, ALERT(area), .most = LIMIT_AREA_CHARACTERS},
    {"sender", FIELD_LINE, true, ALERT(sender),
     .most = LIMIT_LINE_CHARACTERS},
    {"response_level", FIELD_LINE, ALERT(response_level),
     .most = LIMIT_LABEL_CHARACTERS},
    {"web", FIELD_URL, ALERT(web), .most = LIMIT_URL_CHARACTERS},
    {"sent", FIELD_TIME, ALERT(sent_ms)},
    {"contacts", FIELD_OBJECTS, ALERT(contacts), .most = LIMIT_CONTACTS,
     LIST(struct alert, contact_fields, sizeof(struct alert_contact),
          contact_count)},
    {"references", FIELD_TEXTS, ALERT(references), .most = LIMIT_REFERENCES,
     LIST(struct alert, &reference_field, sizeof(const char *),
          reference_count)},
    {"texts", FIELD_LANGUAGES, ALERT(texts), .most = LIMIT_LANGUAGES,
     LIST(struct alert, text_fields, sizeof(struct alert_text), text_count)},
    {"event_en", FIELD_LINE, ALERT(event_en), .most = LIMIT_LINE_CHARACTERS},
    {"headline_en", FIELD_LINE, ALERT(headline_en),
     .most = LIMIT_HEADLINE_CHARACTERS},
    {"instruction_en", FIELD_PARAGRAPHS, ALERT(instruction_en),
     .most = LIMIT_INSTRUCTION_CHARACTERS},
    {0},
};

#define CANCEL(member) .offset = offsetof(struct alert_cancel, member)
static const struct json_field cancel_fields[] = {
    {"reason", FIELD_PARAGRAPHS, CANCEL(reason),
     .most = LIMIT_INSTRUCTION_CHARACTERS},
    {"event", FIELD_LINE, CANCEL(event), .most = LIMIT_LABEL_CHARACTERS},
    {"status", FIELD_WORD, CANCEL(status), .words = &statuses},
    {"references", FIELD_TEXTS, CANCEL(references), .most = LIMIT_REFERENCES,
     LIST(struct alert_cancel, &reference_field, sizeof(const char *),
          reference_count)},
    {0},
};
/* clang-format on */

static const struct json_place alert_place = {.name = "alert"};
static const struct json_place cancel_place = {.name = "cancel"};

static bool has_english(const struct alert *alert)
{
    return alert->event_en[0] || alert->headline_en[0] ||
           alert->instruction_en[0];
}

/* English among the texts is English in its own fields. */
static bool take_english(struct alert *alert, struct problem *problem)
{
    for (size_t i = 0; i < alert->text_count; i++) {
        const struct alert_text text = alert->texts[i];
        if (strcmp(text.language, "en") != 0)
            continue;
        if (has_english(alert))
            return json_read_problem(problem, &alert_place, "texts",
                                     "English stands here and in *_en; one of "
                                     "them expected");
        alert->event_en = text.event;
        alert->headline_en = text.headline;
        alert->instruction_en = text.instruction;
        memmove(&alert->texts[i], &alert->texts[i + 1],
                (alert->text_count - i - 1) * sizeof text);
        alert->text_count--;
        break;
    }
    return true;
}

size_t alert_languages(const struct alert *alert,
                       struct alert_text out[LIMIT_LANGUAGES + 1])
{
    size_t count = alert->text_count;

    memcpy(out, alert->texts, count * sizeof *out);
    if (has_english(alert))
        out[count++] = (struct alert_text){
            "en", alert->event_en, alert->headline_en, alert->instruction_en};
    return count;
}

bool alert_read(json_t *object, struct alert *out, struct json_passed *passed,
                struct problem *problem)
{
    struct alert alert;

    memset(&alert, 0, sizeof alert);
    if (!json_read_object(object, &alert_place, alert_fields, &alert, passed,
                          problem) ||
        !take_english(&alert, problem))
        return false;
    if (!alert.instruction[0] && !alert.headline[0])
        return json_read_problem(problem, &alert_place, "instruction",
                                 "this field is missing: instruction or "
                                 "headline expected");
    *out = alert;
    return true;
}

bool alert_cancel_read(json_t *object, struct alert_cancel *out,
                       struct json_passed *passed, struct problem *problem)
{
    struct alert_cancel cancel;

    memset(&cancel, 0, sizeof cancel);
    if (!json_read_object(object, &cancel_place, cancel_fields, &cancel, passed,
                          problem))
        return false;
    *out = cancel;
    return true;
}

void alert_visit_texts(const struct alert *alert, json_visit *visit,
                       void *context)
{
    json_visit_texts(alert_fields, alert, &alert_place, visit, context);
}

void alert_cancel_visit_texts(const struct alert_cancel *cancel,
                              json_visit *visit, void *context)
{
    json_visit_texts(cancel_fields, cancel, &cancel_place, visit, context);
}

const char *alert_level_name(enum alert_level level)
{
    return level_names[level];
}

const char *alert_status_name(enum alert_status status)
{
    return status_names[status];
}
