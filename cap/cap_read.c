/* From the bytes of a file to a checked message, by expat and the table of
 * elements. */
#include "cap/cap_encoding.h"
#include "cap/cap_pool.h"
#include "cap/cap_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

/* Between namespace and name; no name holds it. */
#define SEPARATOR '\n'
#define SIGNATURE_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

static void start_doctype(void *context, const XML_Char *name,
                          const XML_Char *system, const XML_Char *public,
                          int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    cap_reader_fail_here(
        context, PROBLEM_SYNTAX,
        "DOCTYPE found: entities and external files are never read");
}

static bool check_attributes(struct cap_reader *reader, const char *element,
                             const XML_Char **attributes)
{
    size_t count = 0;

    for (; attributes[2 * count]; count++)
        if (strlen(attributes[2 * count]) > CAP_LIMIT_ATTRIBUTE_BYTES ||
            strlen(attributes[2 * count + 1]) > CAP_LIMIT_ATTRIBUTE_BYTES)
            break;
    if (!attributes[2 * count] && count <= CAP_LIMIT_ATTRIBUTES)
        return true;
    cap_reader_fail(reader, PROBLEM_TOO_LARGE, cap_reader_line(reader),
                    cap_reader_column(reader), element,
                    "more than %d attributes, or one of more than %d bytes",
                    CAP_LIMIT_ATTRIBUTES, CAP_LIMIT_ATTRIBUTE_BYTES);
    return false;
}

/* Without a namespace it may be either of two, until an element tells. */
enum { DIALECT_OPEN = CAP_DIALECT_1_2 | CAP_DIALECT_CHINA };

static bool find_dialect(const char *name, size_t bytes, unsigned *out)
{
    static const struct {
        const char *name;
        unsigned dialect;
    } namespaces[] = {
        {"http://www.incident.com/cap/1.0", CAP_DIALECT_1_0},
        {"urn:oasis:names:tc:emergency:cap:1.1", CAP_DIALECT_1_1},
        {"urn:oasis:names:tc:emergency:cap:1.2", CAP_DIALECT_1_2},
        {"http://com.icss.amp", CAP_DIALECT_CHINA},
        {"", DIALECT_OPEN},
    };

    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        if (strlen(namespaces[i].name) != bytes ||
            memcmp(namespaces[i].name, name, bytes) != 0)
            continue;
        *out = namespaces[i].dialect;
        return true;
    }
    return false;
}

static void start_root(struct cap_reader *reader, const char *space,
                       size_t space_bytes, const char *name)
{
    struct cap_alert *alert = reader->alert;

    if (strcmp(name, "alert") != 0 ||
        !find_dialect(space, space_bytes, &reader->dialects)) {
        cap_reader_fail(
            reader, PROBLEM_FIELD, cap_reader_line(reader),
            cap_reader_column(reader), NULL,
            "<%.32s> of namespace «%.*s» found, <alert> of CAP 1.0, 1.1, 1.2 "
            "or http://com.icss.amp expected",
            name, (int)(space_bytes < 64 ? space_bytes : 64), space);
        return;
    }
    alert->dialect = (enum cap_dialect)reader->dialects;
    if (reader->dialects == DIALECT_OPEN)
        cap_forgive(&alert->notes, CAP_FORGIVEN_NO_NAMESPACE, "alert", NULL);
    struct cap_frame *frame = cap_reader_push(reader, name, CAP_NODE_ALERT);
    frame->object = alert;
    alert->line = frame->line;
    alert->column = frame->column;
}

/* Signatures are told as such; everything else of other namespaces, and what
 * the dialect does not have, by its name. */
static void skip_element(struct cap_reader *reader, const char *space,
                         size_t space_bytes, const char *name)
{
    const struct cap_frame *parent = cap_reader_innermost(reader);

    if (space_bytes == strlen(SIGNATURE_NAMESPACE) &&
        memcmp(space, SIGNATURE_NAMESPACE, space_bytes) == 0 &&
        strcmp(name, "Signature") == 0)
        reader->alert->is_signed = true;
    else if (parent->node != CAP_NODE_SKIP)
        cap_notes_add(&reader->alert->notes, "<%.32s> in <%s> is not read",
                      name, parent->name);
    cap_reader_push(reader, name, CAP_NODE_SKIP);
}

static void *add_entry(struct cap_reader *reader, const struct cap_row *row,
                       struct cap_frame *parent, size_t *index)
{
    struct cap_list *list = (void *)((char *)parent->object + row->offset);

    if (list->count >= row->most && row->spare) {
        cap_forgive(&reader->alert->notes, CAP_FORGIVEN_TOO_MANY, row->name,
                    NULL);
        cap_reader_push(reader, row->name, CAP_NODE_SKIP);
        return NULL;
    }
    if (list->count >= row->most) {
        cap_reader_fail(reader, PROBLEM_TOO_LARGE, cap_reader_line(reader),
                        cap_reader_column(reader), row->name,
                        "more than %zu of them", row->most);
        return NULL;
    }
    void *entry = cap_pool_append(reader->alert->pool, list, row->entry_bytes);
    if (!entry)
        cap_reader_fail_memory(reader);
    *index = list->count - 1;
    return entry;
}

/* The text of a leaf, or the name's half of a pair that is one text. */
static struct cap_text *leaf_text(const struct cap_row *row, void *entry)
{
    if (row->entry_bytes == sizeof(struct cap_pair))
        return &((struct cap_pair *)entry)->value;
    return entry;
}

static void start_known(struct cap_reader *reader, const struct cap_row *row)
{
    struct cap_frame *parent = cap_reader_innermost(reader);
    void *object = parent->object;
    size_t index = 0;

    if (row->entry_bytes)
        object = add_entry(reader, row, parent, &index);
    else if (row->node == CAP_NODE_LEAF)
        object = (char *)parent->object + row->offset;
    if (!object)
        return;
    struct cap_frame *frame = cap_reader_push(reader, row->name, row->node);
    frame->row = row;
    frame->index = index;
    frame->object = row->node == CAP_NODE_LEAF ? (void *)leaf_text(row, object)
                                               : object;
    if (row->node == CAP_NODE_LEAF)
        cap_reader_begin_leaf(reader, frame);
    if (row->node == CAP_NODE_INFO) {
        ((struct cap_info *)object)->line = frame->line;
        ((struct cap_info *)object)->column = frame->column;
    }
}

/* An element without namespace is the dialect's own: where it is declared for
 * the root's prefix alone, the children have none. */
static bool is_own(const struct cap_reader *reader, const char *space,
                   size_t space_bytes)
{
    unsigned dialect;

    return space_bytes == 0 || (find_dialect(space, space_bytes, &dialect) &&
                                (dialect & reader->dialects) != 0);
}

static bool is_html(const struct cap_reader *reader, const char *space,
                    size_t space_bytes)
{
    static const char xhtml[] = "http://www.w3.org/1999/xhtml";

    return is_own(reader, space, space_bytes) ||
           (space_bytes == strlen(xhtml) &&
            memcmp(space, xhtml, space_bytes) == 0);
}

/* NULL: the dialect has no such element. The first element that only one
 * dialect has tells which one it is. */
static const struct cap_row *find_row(struct cap_reader *reader,
                                      const char *space, size_t space_bytes,
                                      const char *name)
{
    const struct cap_row *row =
        is_own(reader, space, space_bytes)
            ? cap_row_find(cap_reader_innermost(reader)->node, name,
                           reader->dialects)
            : NULL;

    if (row && reader->dialects == DIALECT_OPEN &&
        (row->dialects & DIALECT_OPEN) != DIALECT_OPEN) {
        reader->dialects &= row->dialects;
        reader->alert->dialect = (enum cap_dialect)reader->dialects;
    }
    return row;
}

/* True when the element may be opened at all. */
static bool check_bounds(struct cap_reader *reader, const char *name,
                         const XML_Char **attributes)
{
    if (reader->failed)
        return false;
    if (reader->depth == CAP_LIMIT_DEPTH) {
        cap_reader_fail(reader, PROBLEM_TOO_LARGE, cap_reader_line(reader),
                        cap_reader_column(reader), NULL,
                        "nested deeper than %d levels", CAP_LIMIT_DEPTH);
        return false;
    }
    if (++reader->elements > CAP_LIMIT_ELEMENTS) {
        cap_reader_fail(reader, PROBLEM_TOO_LARGE, cap_reader_line(reader),
                        cap_reader_column(reader), NULL,
                        "more than %d elements", CAP_LIMIT_ELEMENTS);
        return false;
    }
    return check_attributes(reader, name, attributes);
}

static void start_element(void *context, const XML_Char *full,
                          const XML_Char **attributes)
{
    struct cap_reader *reader = context;
    const char *separator = strrchr(full, SEPARATOR);
    const char *name = separator ? separator + 1 : full;
    size_t space_bytes = separator ? (size_t)(separator - full) : 0;

    if (!check_bounds(reader, name, attributes))
        return;
    if (reader->depth == 0) {
        start_root(reader, full, space_bytes, name);
        return;
    }
    if (reader->leaf) {
        if (cap_reader_innermost(reader)->node == CAP_NODE_SKIP)
            cap_reader_push(reader, name, CAP_NODE_SKIP);
        else
            cap_reader_begin_markup(reader, name,
                                    is_html(reader, full, space_bytes));
        return;
    }
    const struct cap_row *row = find_row(reader, full, space_bytes, name);
    if (!row)
        skip_element(reader, full, space_bytes, name);
    else if (row->node == CAP_NODE_SKIP)
        cap_reader_push(reader, name, CAP_NODE_SKIP);
    else
        start_known(reader, row);
}

static void end_element(void *context, const XML_Char *full)
{
    struct cap_reader *reader = context;
    struct cap_frame *frame = cap_reader_innermost(reader);

    (void)full;
    if (reader->failed || !frame)
        return;
    if (frame->node == CAP_NODE_LEAF)
        cap_reader_end_leaf(reader);
    else if (frame->node == CAP_NODE_MARKUP)
        cap_reader_end_markup(reader, frame);
    else if (frame->node != CAP_NODE_SKIP)
        cap_reader_check_required(reader, frame);
    if (!reader->failed)
        reader->depth--;
}

static void tell_expat(struct cap_reader *reader)
{
    enum XML_Error error = XML_GetErrorCode(reader->parser);

    reader->depth = 0; /* its position says more than the path */
    cap_reader_fail(
        reader, error == XML_ERROR_NO_MEMORY ? PROBLEM_SYSTEM : PROBLEM_SYNTAX,
        cap_reader_line(reader), cap_reader_column(reader), NULL, "not XML: %s",
        XML_ErrorString(error));
}

static bool parse(struct cap_reader *reader, const struct cap_source *source)
{
    reader->parser = XML_ParserCreateNS(source->encoding, SEPARATOR);
    if (!reader->parser)
        return problem_set(reader->problem, PROBLEM_SYSTEM,
                           "no memory for a message");
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, start_element, end_element);
    XML_SetCharacterDataHandler(reader->parser, cap_reader_take_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, start_doctype);
    if (XML_Parse(reader->parser, source->bytes, (int)source->size, 1) !=
        XML_STATUS_OK)
        tell_expat(reader);
    XML_ParserFree(reader->parser);
    free(reader->text);
    return !reader->failed;
}

/* Takes the notes. */
static bool read_source(const struct cap_source *source,
                        struct cap_notes *notes, struct cap_alert **out,
                        struct problem *problem)
{
    struct cap_reader reader = {.problem = problem};

    reader.alert = calloc(1, sizeof *reader.alert);
    if (reader.alert)
        reader.alert->pool = cap_pool_create();
    if (!reader.alert || !reader.alert->pool) {
        cap_alert_destroy(reader.alert);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    }
    reader.alert->notes = *notes;
    *notes = (struct cap_notes){0};
    if (!parse(&reader, source)) {
        cap_alert_destroy(reader.alert);
        return false;
    }
    *out = reader.alert;
    return true;
}

bool cap_read(const char *bytes, size_t size, const char *place,
              struct cap_alert **out, struct problem *problem)
{
    struct cap_source source = {0};
    struct cap_notes notes = {0};
    bool read = false;

    if (size > CAP_LIMIT_BYTES)
        problem_set(problem, PROBLEM_TOO_LARGE, "a file of more than %d bytes",
                    CAP_LIMIT_BYTES);
    else if (cap_source_open(bytes, size, &source, &notes, problem))
        read = read_source(&source, &notes, out, problem);
    cap_notes_finish(&notes);
    cap_source_finish(&source);
    if (!read)
        problem_set_place(problem, place);
    return read;
}
