/* Writes CAP 1.2 in the order of its schema. */
#include "cap/cap_write.h"

#include "base/timestamp.h"
#include "cap/cap.h"

#include <string.h>

struct writing {
    const struct message *message;
    const struct cap_write_frame *frame;
    FILE *out;
    char sent[TIMESTAMP_BYTES];
    char sender[LIMIT_IDENTIFIER_BYTES + 16];
};

/* Writes an element with a text, or nothing if the text is empty. */
static void put(const struct writing *writing, const char *indent,
                const char *name, const char *text)
{
    FILE *out = writing->out;

    if (!text || !text[0])
        return;
    fprintf(out, "%s<%s>", indent, name);
    for (; *text; text++) {
        const char *entity = *text == '&'   ? "&amp;"
                             : *text == '<' ? "&lt;"
                             : *text == '>' ? "&gt;"
                                            : NULL;
        if (entity)
            fputs(entity, out);
        else
            fputc(*text, out);
    }
    fprintf(out, "</%s>\n", name);
}

static void put_pair(const struct writing *writing, const char *indent,
                     const char *element, const char *name, const char *value)
{
    char inner[16];

    snprintf(inner, sizeof inner, "%s  ", indent);
    fprintf(writing->out, "%s<%s>\n", indent, element);
    put(writing, inner, "valueName", name);
    put(writing, inner, "value", value);
    fprintf(writing->out, "%s</%s>\n", indent, element);
}

/* The time as in the body, so that its offset is kept. */
static const char *time_text(const struct writing *writing, const char *object,
                             const char *field)
{
    const json_t *root = writing->message->root;

    if (object)
        root = json_object_get(root, object);
    return json_string_value(json_object_get(root, field));
}

static void find_sent(struct writing *writing)
{
    const char *text = time_text(writing, "alert", "sent");

    if (!text)
        text = time_text(writing, NULL, "issued");
    if (text)
        snprintf(writing->sent, sizeof writing->sent, "%s", text);
    else
        timestamp_format(writing->frame->issued_ms,
                         writing->frame->utc_offset_minutes, writing->sent);
}

static void find_sender(struct writing *writing)
{
    const char *org = writing->frame->org ? writing->frame->org
                                          : writing->message->org;

    snprintf(writing->sender, sizeof writing->sender, "gaoshi%s%s",
             org[0] ? "." : "", org);
}

/* An update and a cancel need their own identifiers: that of the alert followed
 * by the digits of their time. */
static void put_identifier(const struct writing *writing, bool is_first)
{
    char identifier[LIMIT_IDENTIFIER_BYTES + TIMESTAMP_BYTES + 2];
    size_t length = (size_t)snprintf(identifier, sizeof identifier, "%s",
                                     writing->message->id);

    if (!is_first) {
        identifier[length++] = '_';
        for (size_t i = 0; i < sizeof "2021-07-20T18:20:00" - 1; i++)
            if (writing->sent[i] >= '0' && writing->sent[i] <= '9')
                identifier[length++] = writing->sent[i];
        identifier[length] = '\0';
    }
    put(writing, "  ", "identifier", identifier);
}

static void put_references(const struct writing *writing,
                           const char *const *references, size_t count,
                           bool is_first)
{
    FILE *out = writing->out;

    if (is_first && count == 0)
        return;
    fputs("  <references>", out);
    if (!is_first)
        fprintf(out, "%s,%s,%s", writing->sender, writing->message->id,
                writing->sent);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s,%s,%s", i || !is_first ? " " : "", writing->sender,
                references[i], writing->sent);
    fputs("</references>\n", out);
}

static void put_head(const struct writing *writing, enum alert_status status,
                     const char *type, bool is_first)
{
    static const char *const statuses[ALERT_STATUS_COUNT] = {
        [ALERT_STATUS_ACTUAL] = "Actual",
        [ALERT_STATUS_EXERCISE] = "Exercise",
        [ALERT_STATUS_TEST] = "Test",
    };

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n",
          writing->out);
    put_identifier(writing, is_first);
    put(writing, "  ", "sender", writing->sender);
    put(writing, "  ", "sent", writing->sent);
    put(writing, "  ", "status", statuses[status]);
    put(writing, "  ", "msgType", type);
    put(writing, "  ", "scope", "Public");
}

/* The category by the first characters of the national event code. */
static const char *category_of(const char *code)
{
    static const struct {
        const char *begins, *category;
    } rows[] = {
        {"11A", "Met"}, {"11B", "Met"},   {"11C", "Geo"},   {"11D", "Geo"},
        {"11E", "Geo"}, {"12", "Safety"}, {"13", "Health"}, {"14", "Security"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strncmp(code, rows[i].begins, strlen(rows[i].begins)) == 0)
            return rows[i].category;
    return "Other";
}

/* Area codes of six or twelve digits, which other programs know. */
static void put_geocode(const struct writing *writing, const char *scope)
{
    enum { SHORT = 6, LONG = 12 };
    char code[LONG + 1] = "000000000000";
    const char *digits = strncmp(scope, "area-", 5) == 0 ? scope + 5 : NULL;
    size_t length = digits ? strlen(digits) : 0;

    if (length == 0 || length > LONG)
        return;
    memcpy(code, digits, length);
    code[length <= SHORT ? SHORT : LONG] = '\0';
    put_pair(writing, "      ", "geocode", "GB/T 2260", code);
}

static void put_area(const struct writing *writing, const char *area)
{
    const struct cap_write_frame *frame = writing->frame;
    const char *own = writing->message->scope;

    fputs("    <area>\n", writing->out);
    put(writing, "      ", "areaDesc", area);
    put_geocode(writing, own);
    for (size_t i = 0; i < frame->scope_count; i++)
        if (strcmp(frame->scopes[i], own) != 0)
            put_geocode(writing, frame->scopes[i]);
    fputs("    </area>\n", writing->out);
}

static void put_classes(const struct writing *writing,
                        const struct alert *alert)
{
    static const char *const urgencies[ALERT_URGENCY_COUNT] = {
        "Immediate", "Expected", "Future", "Past", "Unknown"};
    static const char *const severities[ALERT_LEVEL_COUNT] = {
        "Extreme", "Severe", "Moderate", "Minor", "Unknown"};
    static const char *const certainties[ALERT_CERTAINTY_COUNT] = {
        "Observed", "Likely", "Possible", "Unlikely", "Unknown"};

    put(writing, "    ", "urgency", urgencies[alert->urgency]);
    put(writing, "    ", "severity", severities[alert->level]);
    put(writing, "    ", "certainty", certainties[alert->certainty]);
    if (alert->event_code[0])
        put_pair(writing, "    ", "eventCode", "GB/T 35965.1",
                 alert->event_code);
    put(writing, "    ", "effective", time_text(writing, NULL, "effective"));
    put(writing, "    ", "expires", time_text(writing, NULL, "expires"));
    put(writing, "    ", "senderName", alert->sender);
}

static void put_rest(const struct writing *writing, const struct alert *alert)
{
    char contact[LIMIT_CONTACTS * 8 * LIMIT_LABEL_CHARACTERS + 1] = "";

    put(writing, "    ", "web", alert->web);
    for (size_t i = 0; i < alert->contact_count; i++) {
        size_t length = strlen(contact);
        snprintf(contact + length, sizeof contact - length, "%s%s %s",
                 i ? "; " : "", alert->contacts[i].label,
                 alert->contacts[i].number);
    }
    put(writing, "    ", "contact", contact);
    if (alert->response_level[0])
        put_pair(writing, "    ", "parameter", CAP_RESPONSE_LEVEL,
                 alert->response_level);
    put_area(writing, alert->area);
    fputs("  </info>\n", writing->out);
}

static void put_info(const struct writing *writing, const struct alert *alert)
{
    fputs("  <info>\n", writing->out);
    put(writing, "    ", "language", "zh-CN");
    put(writing, "    ", "category", category_of(alert->event_code));
    put(writing, "    ", "event", alert->event);
    put_classes(writing, alert);
    put(writing, "    ", "headline", alert->headline);
    put(writing, "    ", "description", alert->description);
    put(writing, "    ", "instruction", alert->instruction);
    put_rest(writing, alert);
}

static void put_info_in(const struct writing *writing,
                        const struct alert *alert,
                        const struct alert_text *text)
{
    fputs("  <info>\n", writing->out);
    put(writing, "    ", "language", text->language);
    put(writing, "    ", "category", category_of(alert->event_code));
    put(writing, "    ", "event", text->event[0] ? text->event : alert->event);
    put_classes(writing, alert);
    put(writing, "    ", "headline", text->headline);
    put(writing, "    ", "instruction", text->instruction);
    put_rest(writing, alert);
}

static void put_translations(const struct writing *writing,
                             const struct alert *alert)
{
    struct alert_text texts[LIMIT_LANGUAGES + 1];
    size_t count = alert_languages(alert, texts);

    for (size_t i = 0; i < count; i++)
        put_info_in(writing, alert, &texts[i]);
}

bool cap_write(const struct message *message,
               const struct cap_write_frame *frame, FILE *out)
{
    struct writing writing = {.message = message, .frame = frame, .out = out};
    bool is_cancel = message->kind == MESSAGE_ALERT_CANCEL;

    if (message->kind != MESSAGE_ALERT && !is_cancel)
        return false;
    find_sent(&writing);
    find_sender(&writing);
    if (is_cancel) {
        const struct alert_cancel *cancel = &message->cancel;
        put_head(&writing, cancel->status, "Cancel", false);
        put(&writing, "  ", "note", cancel->reason);
        put_references(&writing, cancel->references, cancel->reference_count,
                       false);
    } else {
        const struct alert *alert = &message->alert;
        bool is_first = alert->type == ALERT_TYPE_ALERT;
        /* An alert with references is an update in terms of CAP. */
        bool is_update = !is_first || alert->reference_count > 0;
        put_head(&writing, alert->status, is_update ? "Update" : "Alert",
                 is_first);
        put_references(&writing, alert->references, alert->reference_count,
                       is_first);
        put_info(&writing, alert);
        put_translations(&writing, alert);
    }
    fputs("</alert>\n", out);
    return fflush(out) == 0 && !ferror(out);
}
