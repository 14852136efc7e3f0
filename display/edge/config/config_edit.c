#include "display/edge/config/config_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPACES " \t"

struct edit {
    const char *section;
    size_t section_bytes;
    const char *key;
    const char *value;
    FILE *out;
    bool inside;     /* the line stands in the section */
    bool done;       /* the value is written */
    bool continuing; /* indented lines continue the replaced one */
    size_t blank;    /* empty lines held back, so that a new line of the
                        section stands above them */
};

static bool names_section(const struct edit *edit, const char *line)
{
    return line[0] == '[' &&
           strncmp(line + 1, edit->section, edit->section_bytes) == 0 &&
           line[1 + edit->section_bytes] == ']';
}

static bool names_key(const struct edit *edit, const char *line)
{
    size_t length = strlen(edit->key);

    return strncmp(line, edit->key, length) == 0 &&
           line[length + strspn(line + length, SPACES)] == '=';
}

static void put_value(struct edit *edit)
{
    fprintf(edit->out, "%s = %s\n", edit->key, edit->value);
    edit->done = true;
}

static void put_blank(struct edit *edit)
{
    for (; edit->blank > 0; edit->blank--)
        fputc('\n', edit->out);
}

static void put_line(struct edit *edit, const char *line, size_t bytes)
{
    if (bytes == 0) {
        edit->blank++;
        return;
    }
    if (line[0] == '[') {
        if (edit->inside && !edit->done)
            put_value(edit);
        edit->inside = names_section(edit, line);
    }
    put_blank(edit);
    edit->continuing = edit->continuing && strchr(SPACES, line[0]);
    if (edit->continuing)
        return;
    if (edit->inside && !edit->done && names_key(edit, line)) {
        put_value(edit);
        edit->continuing = true;
        return;
    }
    fprintf(edit->out, "%.*s\n", (int)bytes, line);
}

char *config_edit(const char *text, const char *key, const char *value)
{
    const char *point = strchr(key, '.');
    char *made = NULL;
    size_t size = 0;
    struct edit edit = {.section = key,
                        .section_bytes = (size_t)(point - key),
                        .key = point + 1,
                        .value = value,
                        .out = open_memstream(&made, &size)};

    if (!edit.out)
        return NULL;
    while (*text) {
        size_t bytes = strcspn(text, "\n");
        put_line(&edit, text, bytes);
        text += bytes + (text[bytes] == '\n');
    }
    if (!edit.done && !edit.inside)
        fprintf(edit.out, "\n[%.*s]\n", (int)edit.section_bytes, edit.section);
    if (!edit.done)
        put_value(&edit);
    if (fclose(edit.out) == 0)
        return made;
    free(made);
    return NULL;
}
