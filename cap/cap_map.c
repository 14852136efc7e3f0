/* Chooses which infos of a message are sent, in which language, and to which
 * scopes. */
#include "cap/cap_map.h"

#include "base/timestamp.h"
#include "base/translate.h"
#include "cap/cap_chain.h"
#include "cap/cap_draft.h"
#include "cap/cap_scope.h"
#include "cap/cap_words.h"
#include "protocol/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *language_of(const struct cap_alert *alert,
                               const struct cap_info *info)
{
    if (info->language.text)
        return info->language.text;
    return alert->dialect == CAP_DIALECT_CHINA ? "zh-CN" : "en-US";
}

/* Simplified Chinese, Chinese, English, anything else. */
enum { RANK_SIMPLIFIED, RANK_CHINESE, RANK_ENGLISH, RANK_OTHER };

static int rank_language(const char *language)
{
    static const char *const simplified[] = {"zh", "zh-CN", "zh-Hans",
                                             "zh-Hans-CN"};

    for (size_t i = 0; i < sizeof simplified / sizeof simplified[0]; i++)
        if (strcasecmp(language, simplified[i]) == 0)
            return RANK_SIMPLIFIED;
    if (strncasecmp(language, "zh", 2) == 0)
        return RANK_CHINESE;
    return strncasecmp(language, "en", 2) == 0 ? RANK_ENGLISH : RANK_OTHER;
}

/* The language that screens show, borrowed; NULL: there is no info. */
static const char *choose_language(const struct cap_alert *alert)
{
    const char *best = NULL;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        if (!best || rank_language(language) < rank_language(best))
            best = language;
    }
    return best;
}

static bool speaks(const struct cap_alert *alert, const struct cap_info *info,
                   const char *language)
{
    return strcasecmp(language_of(alert, info), language) == 0;
}

/* The number of infos in a language; *nth becomes the place of `of` among them.
 */
static size_t count_infos(const struct cap_alert *alert, const char *language,
                          const struct cap_info *of, size_t *nth)
{
    size_t count = 0;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(alert, i);
        if (info == of)
            *nth = count;
        count += speaks(alert, info, language);
    }
    return count;
}

/* The nth info of a language, from 0. NULL: there are fewer. */
static const struct cap_info *nth_info(const struct cap_alert *alert,
                                       const char *language, size_t nth)
{
    for (size_t i = 0; i < alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(alert, i);
        if (speaks(alert, info, language) && nth-- == 0)
            return info;
    }
    return NULL;
}

/* The counterpart in a language: the only one, or the one at the same place.
 * NULL: there is none, or they do not match, which is noted. */
static const struct cap_info *find_in(const struct cap_alert *alert,
                                      const struct cap_info *info,
                                      const char *language,
                                      struct cap_notes *notes)
{
    const char *own = language_of(alert, info);
    size_t nth = 0, unused = 0;
    size_t count = count_infos(alert, own, info, &nth);

    if (count_infos(alert, language, NULL, &unused) != count) {
        cap_notes_add(notes, "the infos in %.40s don't match those in %.40s",
                      language, own);
        return NULL;
    }
    const struct cap_info *found = nth_info(alert, language, nth);
    return found && !found->instruction.left_out ? found : NULL;
}

static bool is_first_in(const struct cap_alert *alert, size_t index)
{
    const char *language = language_of(alert, cap_info_at(alert, index));

    for (size_t i = 0; i < index; i++) {
        if (speaks(alert, cap_info_at(alert, i), language))
            return false;
    }
    return true;
}

/* Whether screens show the info below the one in the language that leads. */
static bool is_translation(const char *language, const char *shown)
{
    if (strcasecmp(language, shown) == 0)
        return false;
    if (rank_language(language) == RANK_ENGLISH)
        return rank_language(shown) != RANK_ENGLISH;
    return rank_language(language) == RANK_OTHER &&
           json_read_is_language(language);
}

/* English, and as many other languages as an alert can have. */
static struct cap_translations find_translations(const struct cap_alert *alert,
                                                 const struct cap_info *info,
                                                 struct cap_notes *notes)
{
    const char *own = language_of(alert, info);
    struct cap_translations out = {0};
    bool english = false;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        if (!is_first_in(alert, i) || !is_translation(language, own))
            continue;
        if (rank_language(language) == RANK_ENGLISH) {
            if (!english)
                out.english = find_in(alert, info, language, notes);
            english = true;
            continue;
        }
        const struct cap_info *found =
            out.count < LIMIT_LANGUAGES ? find_in(alert, info, language, notes)
                                        : NULL;
        if (found) {
            out.others[out.count].language = language;
            out.others[out.count++].info = found;
        }
    }
    return out;
}

/* Notes the languages that screens will not show. */
static void note_languages(const struct cap_alert *alert, const char *shown,
                           struct cap_notes *notes)
{
    size_t others = 0;

    for (size_t i = 0; i < alert->infos.count; i++) {
        const char *language = language_of(alert, cap_info_at(alert, i));
        bool other = is_translation(language, shown) &&
                     rank_language(language) == RANK_OTHER;
        if (other && is_first_in(alert, i))
            others++;
        if (strcasecmp(language, shown) != 0 &&
            (!is_translation(language, shown) ||
             (other && others > LIMIT_LANGUAGES)))
            cap_notes_add(notes, "the info in language %.40s is not shown",
                          language);
    }
}

/* A mapping that is being made. */
struct mapping {
    const struct cap_alert *alert;
    struct cap_chain chain;
    struct cap_mapping *out;
    struct problem *problem;
};

static bool check_type(const struct cap_alert *alert, struct problem *problem)
{
    if (cap_text_is(&alert->type, "Ack") || cap_text_is(&alert->type, "Error"))
        return cap_refuse(problem, &alert->type, "alert.msgType",
                          "«%s» is no alert: nothing for screens",
                          alert->type.text);
    if (cap_text_is(&alert->status, "System") ||
        cap_text_is(&alert->status, "Draft"))
        return cap_refuse(problem, &alert->status, "alert.status",
                          "«%s» is not for screens: Actual, Exercise or Test "
                          "expected",
                          alert->status.text);
    return true;
}

static bool check_public(const struct cap_alert *alert, struct problem *problem)
{
    if (alert->scope.text && !cap_text_is(&alert->scope, "Public"))
        return cap_refuse(problem, &alert->scope, "alert.scope",
                          "«%s» is not for public screens", alert->scope.text);
    if (alert->classification.text &&
        !cap_text_is(&alert->classification, "None"))
        return cap_refuse(
            problem, &alert->classification, "alert.secClassification",
            "«%.40s» is not for public screens", alert->classification.text);
    if (alert->infos.count == 0 && !cap_text_is(&alert->type, "Cancel")) {
        struct cap_text at = {.line = alert->line, .column = alert->column};
        return cap_refuse(problem, &at, "alert.info",
                          "this element is missing: it says nothing");
    }
    return true;
}

/* The Chinese profile writes empty ones. */
static size_t count_filled(const struct cap_list *texts)
{
    size_t count = 0;

    for (size_t i = 0; i < texts->count; i++)
        count += cap_text_at(texts, i)->text != NULL;
    return count;
}

static void note_unused(const struct mapping *mapping,
                        const struct cap_info *info)
{
    struct cap_notes *notes = &mapping->out->notes;
    size_t polygons = 0, circles = 0;

    for (size_t i = 0; i < info->areas.count; i++) {
        polygons += count_filled(&cap_area_at(info, i)->polygons);
        circles += count_filled(&cap_area_at(info, i)->circles);
    }
    if (polygons > 0)
        cap_notes_add(notes, "polygons are not used: %zu", polygons);
    if (circles > 0)
        cap_notes_add(notes, "circles are not used: %zu", circles);
    if (info->resources.count > 0)
        cap_notes_add(notes, "resources are not used: %zu",
                      info->resources.count);
    if (info->onset.text)
        cap_notes_add(notes, "onset is not used");
}

/* Owns json from here on. */
static bool add_draft(struct mapping *mapping, const char *id,
                      const char *scope, enum alert_level level, json_t *json)
{
    struct cap_mapping *out = mapping->out;
    struct cap_draft *grown =
        json
            ? realloc(out->drafts, (out->draft_count + 1) * sizeof *out->drafts)
            : NULL;

    if (!grown) {
        json_decref(json);
        return problem_set(mapping->problem, PROBLEM_SYSTEM, "out of memory");
    }
    out->drafts = grown;
    struct cap_draft *draft = &out->drafts[out->draft_count++];
    *draft = (struct cap_draft){.level = level, .json = json};
    snprintf(draft->id, sizeof draft->id, "%s", id);
    snprintf(draft->scope, sizeof draft->scope, "%s", scope);
    return true;
}

static bool refuse_scopes(struct mapping *mapping, const struct cap_info *info)
{
    struct cap_text at = {.line = info->line, .column = info->column};

    cap_refuse(mapping->problem, &at, "alert.info.area.geocode",
               "more than %d areas that lie in none of the others",
               CAP_SCOPES_MAX);
    if (mapping->problem)
        mapping->problem->code = PROBLEM_TOO_LARGE;
    return false;
}

/* Adds one draft for each scope, or one without scope if the info has none. */
static bool add_scoped(struct mapping *mapping, const struct cap_info *info,
                       const char *id, enum alert_level level, json_t *json)
{
    struct cap_scopes *scopes = calloc(1, sizeof *scopes);
    bool added = scopes && json;

    if (!added)
        problem_set(mapping->problem, PROBLEM_SYSTEM, "out of memory");
    if (added && info)
        cap_scopes_add(mapping->alert, info, scopes, &mapping->out->notes);
    if (added && scopes->too_many)
        added = refuse_scopes(mapping, info);
    if (added && scopes->count == 0)
        added = add_draft(mapping, id, "", level, json_incref(json));
    for (size_t i = 0; added && i < scopes->count; i++)
        added = add_draft(mapping, id, scopes->items[i], level,
                          json_incref(json));
    free(scopes);
    json_decref(json);
    return added;
}

/* The instruction is never shown in part and never left out silently: it is in
 * the instruction, or without one in the description. */
static bool check_order(struct mapping *mapping, const struct cap_info *info)
{
    static const char why[] = N_(
        "it holds an element that is no part of a text: its words would be "
        "lost, and they may be what people shall do");
    struct cap_text at = {.line = info->line, .column = info->column};

    if (info->instruction.left_out)
        return cap_refuse(mapping->problem, &info->instruction,
                          "alert.info.instruction", why);
    if (info->description.left_out && !info->instruction.text)
        return cap_refuse(mapping->problem, &info->description,
                          "alert.info.description", why);
    if (!info->event.text && !info->headline.text && !info->description.text &&
        !info->instruction.text)
        return cap_refuse(mapping->problem, &at, "alert.info",
                          "no event, headline, description or instruction: it "
                          "says nothing");
    return true;
}

static bool map_info(struct mapping *mapping, const struct cap_info *info)
{
    enum cap_level_by by;

    if (!check_order(mapping, info))
        return false;
    struct cap_translations translations =
        find_translations(mapping->alert, info, &mapping->out->notes);
    note_unused(mapping, info);
    return add_scoped(mapping, info, mapping->chain.ids[0],
                      cap_words_level(&info->severity, &info->headline, &by),
                      cap_draft_alert(mapping->alert, info, &translations,
                                      &mapping->chain, &mapping->out->notes));
}

/* Sorts the gravest last; among equals the later info comes last. */
static int by_gravity(const void *a, const void *b)
{
    const struct cap_draft *of_a = a, *of_b = b;

    return (int)of_b->level - (int)of_a->level;
}

/* Of several infos for one scope only the gravest stays, which is the last of
 * the list. */
static void drop_lesser(struct cap_mapping *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < out->draft_count; i++) {
        bool again = false;
        for (size_t k = i + 1; k < out->draft_count && !again; k++)
            again = strcmp(out->drafts[i].scope, out->drafts[k].scope) == 0;
        if (again) {
            json_decref(out->drafts[i].json);
            cap_notes_add(&out->notes,
                          "several infos for one area: only the gravest is "
                          "shown there");
            continue;
        }
        out->drafts[kept++] = out->drafts[i];
    }
    out->draft_count = kept;
}

static bool is_all_clear(const struct cap_info *info)
{
    for (size_t i = 0; i < info->responses.count; i++)
        if (cap_text_is(cap_text_at(&info->responses, i), "AllClear"))
            return true;
    return false;
}

/* Whether it is a cancel, or a message of any type that only says that the
 * danger is over. */
static bool ends_alerts(const struct mapping *mapping)
{
    const struct cap_alert *alert = mapping->alert;
    const char *language = choose_language(mapping->alert);

    if (cap_text_is(&alert->type, "Cancel"))
        return true;
    for (size_t i = 0; i < alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(alert, i);
        if (speaks(mapping->alert, info, language) && !is_all_clear(info))
            return false;
    }
    return true;
}

/* Alerts end in areas for which no alert is sent any more. */
static bool map_alert(struct mapping *mapping)
{
    const char *language = choose_language(mapping->alert);

    note_languages(mapping->alert, language, &mapping->out->notes);
    for (size_t i = 0; i < mapping->alert->infos.count; i++) {
        const struct cap_info *info = cap_info_at(mapping->alert, i);
        if (!speaks(mapping->alert, info, language))
            continue;
        if (is_all_clear(info))
            cap_notes_add(&mapping->out->notes,
                          "an info says AllClear: no alert goes to its areas");
        else if (!map_info(mapping, info))
            return false;
    }
    qsort(mapping->out->drafts, mapping->out->draft_count,
          sizeof *mapping->out->drafts, by_gravity);
    drop_lesser(mapping->out);
    return true;
}

static bool map_cancel(struct mapping *mapping)
{
    const struct cap_info *info = NULL;

    if (mapping->alert->infos.count > 0)
        info = nth_info(mapping->alert, choose_language(mapping->alert), 0);
    for (size_t i = 0; i < mapping->chain.id_count; i++) {
        const char *id = mapping->chain.ids[i];
        if (!add_scoped(mapping, info, id, ALERT_LEVEL_UNKNOWN,
                        cap_draft_cancel(mapping->alert, info, &mapping->chain,
                                         id, &mapping->out->notes)))
            return false;
    }
    return true;
}

static void fill_head(struct mapping *mapping, bool ends)
{
    const struct cap_alert *alert = mapping->alert;
    struct cap_mapping *out = mapping->out;

    out->kind = ends                                  ? CAP_KIND_CANCEL
                : cap_text_is(&alert->type, "Update") ? CAP_KIND_UPDATE
                                                      : CAP_KIND_ALERT;
    out->status = cap_text_is(&alert->status, "Actual") ? ALERT_STATUS_ACTUAL
                  : cap_text_is(&alert->status, "Exercise")
                      ? ALERT_STATUS_EXERCISE
                      : ALERT_STATUS_TEST;
    if (alert->dialect != CAP_DIALECT_CHINA)
        snprintf(out->sender, sizeof out->sender, "%s", alert->sender.text);
    snprintf(out->identifier, sizeof out->identifier, "%s",
             alert->identifier.text);
    timestamp_parse(alert->sent.text, &out->sent_ms);
    memcpy(out->ids, mapping->chain.ids, sizeof out->ids);
    out->id_count = mapping->chain.id_count;
    if (ends && !cap_text_is(&alert->type, "Cancel"))
        cap_notes_add(&out->notes, "it says AllClear: it ends what it names");
    if (alert->is_signed)
        cap_notes_add(&out->notes, "its XML signature is not verified");
}

bool cap_to_alerts(const struct cap_alert *alert,
                   const struct cap_history *history, struct cap_mapping *out,
                   struct problem *problem)
{
    struct cap_mapping made = {0};
    struct mapping mapping = {.alert = alert, .out = &made, .problem = problem};

    bool mapped = check_type(alert, problem) && check_public(alert, problem);
    bool ends = mapped && ends_alerts(&mapping);
    if (mapped)
        mapped = cap_chain_find(alert, ends, history, &mapping.chain,
                                &made.notes, problem);
    if (mapped) {
        fill_head(&mapping, ends);
        mapped = made.kind == CAP_KIND_CANCEL ? map_cancel(&mapping)
                                              : map_alert(&mapping);
    }
    if (!mapped) {
        cap_mapping_finish(&made);
        return false;
    }
    *out = made;
    return true;
}

void cap_mapping_finish(struct cap_mapping *mapping)
{
    for (size_t i = 0; i < mapping->draft_count; i++)
        json_decref(mapping->drafts[i].json);
    free(mapping->drafts);
    cap_notes_finish(&mapping->notes);
    *mapping = (struct cap_mapping){0};
}
