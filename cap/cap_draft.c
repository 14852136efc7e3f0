/* Writes drafts field by field; what does not fit is noted. */
#include "cap/cap_draft.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "cap/cap_contact.h"
#include "cap/cap_office.h"
#include "cap/cap_tidy.h"
#include "cap/cap_tolerance.h"
#include "cap/cap_words.h"
#include "protocol/json_text.h"
#include "protocol/limits.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A draft that is being written. */
struct drafting {
    const struct cap_alert *alert;
    const struct cap_info *info;
    json_t *json; /* the object that is being filled */
    struct cap_notes *notes;
    bool failed; /* there was no memory */
};

static void set(struct drafting *drafting, const char *field, json_t *value)
{
    if (json_object_set_new(drafting->json, field, value) != 0)
        drafting->failed = true;
}

enum shape { LINE, PARAGRAPHS };

/* Sets a text, unless it is empty. */
static bool set_text(struct drafting *drafting, const char *field,
                     const char *text, enum shape shape, size_t most)
{
    size_t cut = 0;
    bool joined = false;

    if (!text)
        return false;
    char *tidy = shape == LINE ? cap_tidy_line(text, most, &cut)
                               : cap_tidy_paragraphs(text, most, &cut, &joined);
    if (!tidy) {
        drafting->failed = true;
        return false;
    }
    bool filled = !utf8_is_blank(tidy);
    if (filled)
        set(drafting, field, json_string(tidy));
    if (joined)
        cap_forgive(drafting->notes, CAP_FORGIVEN_WRAPPED, field, NULL);
    if (cut)
        cap_notes_add(drafting->notes,
                      "%s: %zu characters, the first %zu at most are shown",
                      field, cut, most);
    free(tidy);
    return filled;
}

static bool is_chinese(const struct drafting *drafting)
{
    return drafting->alert->dialect == CAP_DIALECT_CHINA;
}

static const char *status_word(const struct cap_alert *alert)
{
    return cap_text_is(&alert->status, "Actual")     ? "actual"
           : cap_text_is(&alert->status, "Exercise") ? "exercise"
                                                     : "test";
}

static void set_known(struct drafting *drafting, const char *field,
                      const char *word, bool known, const struct cap_text *from)
{
    set(drafting, field, json_string(word));
    if (!known && from->text)
        cap_notes_add(drafting->notes, "%s «%.40s» counts as unknown", field,
                      from->text);
}

static void set_level(struct drafting *drafting)
{
    const struct cap_info *info = drafting->info;
    const struct cap_text *severity = &info->severity;
    enum cap_level_by by;
    enum alert_level level = cap_words_level(severity, &info->headline, &by);

    set_known(drafting, "level", alert_level_name(level),
              by != CAP_LEVEL_BY_NOTHING, severity);
    if (by == CAP_LEVEL_BY_OTHER)
        cap_forgive(drafting->notes, CAP_FORGIVEN_SEVERITY_WORD, "severity",
                    severity->text);
    else if (by == CAP_LEVEL_BY_HEADLINE)
        cap_forgive(drafting->notes, CAP_FORGIVEN_SEVERITY_HEADLINE, "severity",
                    severity->text);
}

static void set_words(struct drafting *drafting)
{
    const struct cap_info *info = drafting->info;
    bool known;

    set(drafting, "status", json_string(status_word(drafting->alert)));
    set(drafting, "type",
        json_string(cap_text_is(&drafting->alert->type, "Update") ? "update"
                                                                  : "alert"));
    set_level(drafting);
    const char *word = cap_words_urgency(&info->urgency, &known);
    set_known(drafting, "urgency", word, known, &info->urgency);
    word = cap_words_certainty(&info->certainty, &known);
    set_known(drafting, "certainty", word, known, &info->certainty);
}

static void set_event(struct drafting *drafting)
{
    const struct cap_info *info = drafting->info;
    char event[CAP_EVENT_BYTES];

    if (!is_chinese(drafting)) {
        cap_words_event("", cap_text_or_empty(&info->headline), event);
        set_text(drafting, "event", info->event.text ? info->event.text : event,
                 LINE, LIMIT_LABEL_CHARACTERS);
        if (info->event_codes.count > 0)
            set_text(drafting, "event_code",
                     cap_pair_at(&info->event_codes, 0)->value.text, LINE,
                     LIMIT_LABEL_CHARACTERS);
        return;
    }
    /* Some files contain the name of the event in place of its code. */
    const char *type = cap_text_or_empty(&info->event);
    if (!type[0] || isalnum((unsigned char)type[0])) {
        cap_words_event(type, cap_text_or_empty(&info->headline), event);
        set_text(drafting, "event", event, LINE, LIMIT_LABEL_CHARACTERS);
        if (type[0])
            set_text(drafting, "event_code", type, LINE,
                     LIMIT_LABEL_CHARACTERS);
    } else {
        set_text(drafting, "event", type, LINE, LIMIT_LABEL_CHARACTERS);
    }
}

/* A text written for screens comes before the general one. */
static const char *find_description(const struct drafting *drafting)
{
    for (size_t i = 0; i < drafting->alert->methods.count; i++) {
        const struct cap_method *method = cap_method_at(drafting->alert, i);
        if (cap_text_is(&method->name, "LED") && method->message.text)
            return method->message.text;
    }
    return drafting->info->description.text;
}

/* Without an instruction one is made from the responseTypes, in Chinese or
 * English. */
static void set_instruction(struct drafting *drafting, const char *field,
                            const struct cap_info *info, bool english)
{
    char sentences[512] = "";

    if (set_text(drafting, field, info->instruction.text, PARAGRAPHS,
                 LIMIT_INSTRUCTION_CHARACTERS))
        return;
    for (size_t i = 0; i < info->responses.count; i++) {
        const char *sentence =
            cap_words_response(cap_text_at(&info->responses, i), english);
        size_t length = strlen(sentences);
        if (sentence && !strstr(sentences, sentence))
            snprintf(sentences + length, sizeof sentences - length, "%s%s",
                     length ? "\n" : "", sentence);
    }
    if (!sentences[0])
        return;
    set_text(drafting, field, sentences, PARAGRAPHS,
             LIMIT_INSTRUCTION_CHARACTERS);
    cap_notes_add(drafting->notes, "%s was made from responseType", field);
}

static void set_texts(struct drafting *drafting)
{
    const struct cap_info *info = drafting->info;
    const char *description = find_description(drafting);

    set_text(drafting, "headline", info->headline.text, LINE,
             LIMIT_HEADLINE_CHARACTERS);
    set_instruction(drafting, "instruction", info,
                    cap_text_or_empty(&info->language)[0] != 'z' &&
                        !is_chinese(drafting));
    set_text(drafting, "description", description, PARAGRAPHS,
             LIMIT_DESCRIPTION_CHARACTERS);
    if (json_object_get(drafting->json, "headline") ||
        json_object_get(drafting->json, "instruction"))
        return;
    const char *event =
        json_string_value(json_object_get(drafting->json, "event"));
    set_text(drafting, "headline", description ? description : event, LINE,
             LIMIT_HEADLINE_CHARACTERS);
}

static void set_area(struct drafting *drafting)
{
    const struct cap_info *info = drafting->info;
    char *joined = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&joined, &bytes);

    if (!stream) {
        drafting->failed = true;
        return;
    }
    for (size_t i = 0; i < info->areas.count; i++)
        fprintf(stream, "%s%s", i ? "、" : "",
                cap_text_or_empty(&cap_area_at(info, i)->description));
    if (fclose(stream) != 0)
        drafting->failed = true;
    else if (!set_text(drafting, "area", joined, LINE, LIMIT_AREA_CHARACTERS))
        set_text(drafting, "area", "相关区域", LINE, LIMIT_AREA_CHARACTERS);
    free(joined);
}

static void set_sender(struct drafting *drafting)
{
    char office[CAP_OFFICE_BYTES];

    cap_office_find(drafting->alert, drafting->info, office, drafting->notes);
    set_text(drafting, "sender", office, LINE, LIMIT_LINE_CHARACTERS);
}

static void set_parameters(struct drafting *drafting)
{
    const struct cap_list *parameters = &drafting->info->parameters;
    size_t unused = 0;

    for (size_t i = 0; i < parameters->count; i++) {
        const struct cap_pair *pair = cap_pair_at(parameters, i);
        if (cap_text_is(&pair->name, CAP_RESPONSE_LEVEL))
            set_text(drafting, "response_level", pair->value.text, LINE,
                     LIMIT_LABEL_CHARACTERS);
        else
            unused++;
    }
    if (unused > 0)
        cap_notes_add(drafting->notes, "parameters are not used: %zu", unused);
}

static void set_web(struct drafting *drafting)
{
    const char *web = drafting->info->web.text;

    if (!web)
        return;
    if (json_text_is_url(web) && strlen(web) <= LIMIT_URL_CHARACTERS)
        set(drafting, "web", json_string(web));
    else
        cap_notes_add(drafting->notes,
                      "web: no http address of at most %d characters",
                      LIMIT_URL_CHARACTERS);
}

static void set_contact(struct drafting *drafting)
{
    const char *contact = drafting->info->contact.text;
    json_t *contacts = contact ? cap_contact_find(contact) : NULL;

    if (contacts)
        set(drafting, "contacts", contacts);
    else if (contact)
        cap_notes_add(drafting->notes, "contact: no number that one can dial");
}

/* Sets the references, unless there are none. */
static void set_references(struct drafting *drafting,
                           const struct cap_chain *chain, const char *id)
{
    json_t *references = json_array();
    size_t room = LIMIT_REFERENCES;
    bool put = true;

    for (size_t i = 0; put && i < chain->id_count && room > 0; i++)
        if (strcmp(chain->ids[i], id) != 0) {
            put = json_text_append(references, "references", chain->ids[i],
                                   NULL);
            room--;
        }
    for (size_t i = 0; put && i < chain->reference_count && room > 0;
         i++, room--)
        put = json_text_append(references, "references", chain->references[i],
                               NULL);
    if (!put)
        drafting->failed = true;
    if (put && room < LIMIT_REFERENCES)
        set(drafting, "references", references);
    else
        json_decref(references);
}

/* The words of another language have an object of their own. */
static void set_others(struct drafting *drafting,
                       const struct cap_translations *translations)
{
    json_t *alert = drafting->json, *texts = json_object();

    for (size_t i = 0; i < translations->count; i++) {
        const struct cap_info *info = translations->others[i].info;
        drafting->json = json_object();
        set_text(drafting, "event", info->event.text, LINE,
                 LIMIT_LINE_CHARACTERS);
        set_text(drafting, "headline", info->headline.text, LINE,
                 LIMIT_HEADLINE_CHARACTERS);
        set_text(drafting, "instruction", info->instruction.text, PARAGRAPHS,
                 LIMIT_INSTRUCTION_CHARACTERS);
        if (json_object_set_new(texts, translations->others[i].language,
                                drafting->json) != 0)
            drafting->failed = true;
    }
    drafting->json = alert;
    if (translations->count > 0)
        set(drafting, "texts", texts);
    else
        json_decref(texts);
}

static void set_english(struct drafting *drafting,
                        const struct cap_info *english)
{
    if (!english)
        return;
    set_text(drafting, "event_en", english->event.text, LINE,
             LIMIT_LINE_CHARACTERS);
    set_text(drafting, "headline_en", english->headline.text, LINE,
             LIMIT_HEADLINE_CHARACTERS);
    set_instruction(drafting, "instruction_en", english, true);
}

/* An end before the beginning is ignored: the screens' own default is used. */
static void set_times(struct drafting *drafting, json_t *json)
{
    const struct cap_info *info = drafting->info;
    int64_t effective_ms = 0, expires_ms = 0;
    const char *effective = info->effective.text;
    const char *expires = info->expires.text;

    if (effective && expires && timestamp_parse(effective, &effective_ms) &&
        timestamp_parse(expires, &expires_ms) && expires_ms <= effective_ms) {
        cap_notes_add(drafting->notes,
                      "expires is not after effective and is left out");
        expires = NULL;
    }
    if ((effective && !json_text_set(json, "effective", effective, NULL)) ||
        (expires && !json_text_set(json, "expires", expires, NULL)))
        drafting->failed = true;
    if (!expires)
        cap_notes_add(drafting->notes,
                      "without expires the screens' default holds");
}

json_t *cap_draft_alert(const struct cap_alert *alert,
                        const struct cap_info *info,
                        const struct cap_translations *translations,
                        const struct cap_chain *chain, struct cap_notes *notes)
{
    struct drafting drafting = {
        .alert = alert, .info = info, .json = json_object(), .notes = notes};

    set_words(&drafting);
    set_event(&drafting);
    set_texts(&drafting);
    set_area(&drafting);
    set_sender(&drafting);
    set_parameters(&drafting);
    set_web(&drafting);
    set(&drafting, "sent", json_string(alert->sent.text));
    set_contact(&drafting);
    set_references(&drafting, chain, chain->ids[0]);
    set_others(&drafting, translations);
    set_english(&drafting, translations->english);
    json_t *json = json_pack("{s:i, s:s, s:s}", "gaoshi", 1, "kind", "alert",
                             "id", chain->ids[0]);
    set_times(&drafting, json);
    if (json_object_set_new(json, "alert", drafting.json) == 0 &&
        !drafting.failed)
        return json;
    json_decref(json);
    return NULL;
}

json_t *cap_draft_cancel(const struct cap_alert *alert,
                         const struct cap_info *info,
                         const struct cap_chain *chain, const char *id,
                         struct cap_notes *notes)
{
    struct drafting drafting = {
        .alert = alert, .info = info, .json = json_object(), .notes = notes};
    const char *reason = alert->note.text;

    set(&drafting, "status", json_string(status_word(alert)));
    if (info) {
        set_event(&drafting);
        json_object_del(drafting.json, "event_code");
        if (!reason)
            reason = info->headline.text ? info->headline.text
                                         : info->description.text;
    }
    set_text(&drafting, "reason", reason, PARAGRAPHS,
             LIMIT_INSTRUCTION_CHARACTERS);
    set_references(&drafting, chain, id);
    json_t *json = json_pack("{s:i, s:s, s:s, s:o}", "gaoshi", 1, "kind",
                             "alert-cancel", "id", id, "cancel", drafting.json);
    if (json && drafting.failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}
