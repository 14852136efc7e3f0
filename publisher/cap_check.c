/* cap check FILE…: what files of warning centres say, and what of it screens
 * can't use. */
#include "publisher/cap_file.h"
#include "publisher/drafts.h"
#include "publisher/tell.h"

#include <string.h>

static const char *kind_name(enum cap_kind kind)
{
    return kind == CAP_KIND_CANCEL   ? "cancel"
           : kind == CAP_KIND_UPDATE ? "update"
                                     : "alert";
}

/* The same checks that sending makes. */
static bool check_drafts(const struct cap_file *file, struct problem *problem)
{
    const struct cap_mapping *mapping = &file->mapping;
    struct drafts drafts = {0};
    bool good = true;

    for (size_t i = 0; good && i < mapping->draft_count; i++)
        good = drafts_add_json(&drafts, json_incref(mapping->drafts[i].json),
                               file->place, problem);
    drafts_finish(&drafts);
    return good;
}

static void print_draft(const struct cap_file *file,
                        const struct cap_draft *draft)
{
    const json_t *alert = json_object_get(draft->json, "alert");
    const char *event = json_string_value(json_object_get(
        alert ? alert : json_object_get(draft->json, "cancel"), "event"));

    tell_result("%s: OK: %s, %s %s %s%s%s %s to %s", file->place,
                cap_dialect_name(file->alert->dialect),
                alert_status_name(file->mapping.status),
                kind_name(file->mapping.kind), draft->id, alert ? " " : "",
                alert ? alert_level_name(draft->level) : "", event ? event : "",
                draft->scope[0] ? draft->scope : "no area: give --scope");
}

static bool check_file(const char *path)
{
    struct problem problem = {0};
    struct cap_file file;

    if (!cap_file_read(&file, path, NULL, &problem)) {
        tell_problem(&problem);
        return false;
    }
    bool good = check_drafts(&file, &problem);
    if (good) {
        for (size_t i = 0; i < file.mapping.draft_count; i++)
            print_draft(&file, &file.mapping.drafts[i]);
        cap_file_tell_notes(&file);
    } else {
        tell_problem(&problem);
    }
    cap_file_finish(&file);
    return good;
}

enum publish_exit cap_check_run(const struct options *options, int count,
                                char **operands)
{
    bool good = true;

    (void)options;
    for (int i = 0; i < count; i++)
        good = check_file(operands[i]) && good;
    return good ? PUBLISH_DONE : PUBLISH_REFUSED;
}
