/* Writes the journal of a rehearsal; a screen in service has none. */
#include "display/edge/app/journal.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "display/edge/render/picture.h"

enum { JOURNAL_PATH_BYTES = 1024 };

struct journal {
    char folder[JOURNAL_PATH_BYTES];
    FILE *file;
    unsigned pictures;
};

bool journal_create(const char *folder, struct journal **out,
                    struct problem *problem)
{
    char name[JOURNAL_PATH_BYTES + 16];
    struct journal *journal = calloc(1, sizeof *journal);

    if (!journal)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    int length = snprintf(journal->folder, sizeof journal->folder, "%s",
                          folder);
    bool fits = length >= 0 && (size_t)length < sizeof journal->folder;
    snprintf(name, sizeof name, "%s/journal.jsonl", journal->folder);
    if (fits && (mkdir(folder, 0777) == 0 || errno == EEXIST))
        journal->file = fopen(name, "we");
    if (!journal->file) {
        free(journal);
        return problem_set(problem, PROBLEM_SYSTEM, "%.120s: %s", folder,
                           fits ? strerror(errno) : "path too long");
    }
    *out = journal;
    return true;
}

void journal_destroy(struct journal *journal)
{
    if (!journal)
        return;
    fclose(journal->file);
    free(journal);
}

static void put_text(json_t *line, const char *key, const char *text)
{
    if (text && text[0])
        json_object_set_new(line, key, json_string(text));
}

static void put_number(json_t *line, const char *key, int64_t number)
{
    json_object_set_new(line, key, json_integer(number));
}

void journal_write(struct journal *journal, const struct journal_entry *entry)
{
    json_t *line = journal ? json_object() : NULL;

    if (!line)
        return;
    put_number(line, "at_ms", entry->wall_ms);
    put_text(line, "event", entry->event);
    put_text(line, "kind", entry->kind);
    put_text(line, "id", entry->id);
    if (entry->seq > 0)
        put_number(line, "seq", entry->seq);
    if (entry->page > 0)
        put_number(line, "page", entry->page);
    put_text(line, "above", entry->above_kind);
    put_text(line, "above_id", entry->above_id);
    put_text(line, "reason", entry->reason);
    if (entry->turns > 0)
        put_number(line, "turns", entry->turns);
    if (entry->frames > 0)
        put_number(line, "frames", entry->frames);
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(line);
    if (text && (fprintf(journal->file, "%s\n", text) < 0 ||
                 fflush(journal->file) != 0))
        log_write(LOG_WARNING, "journal: %s; the line is lost",
                  strerror(errno));
    free(text);
}

void journal_picture(struct journal *journal,
                     const struct renderer_pixels *pixels, const char *kind,
                     const char *id, size_t page)
{
    char name[JOURNAL_PATH_BYTES + 256];
    struct problem problem = {0};

    snprintf(name, sizeof name, "%s/%04u-%s%s%s-%zu.png", journal->folder,
             ++journal->pictures, kind, id[0] ? "-" : "", id, page + 1);
    if (!picture_write(name, pixels, &problem))
        log_problem(LOG_WARNING, "journal", &problem);
}
