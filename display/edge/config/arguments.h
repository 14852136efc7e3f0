/* Command lines as tables: the parser and --help read the same rows. */
#ifndef GAOSHI_DISPLAY_ARGUMENTS_H
#define GAOSHI_DISPLAY_ARGUMENTS_H

#include "display/edge/config/config.h"

#include <stdint.h>
#include <stdio.h>

struct argument;

/* What a flag does with its value (NULL for a switch). False: problem says
 * what was expected. */
typedef bool argument_action(const struct argument *row, void *context,
                             const char *value, struct problem *problem);

struct argument {
    const char *flag;  /* "--size"; NULL ends the table */
    const char *value; /* what follows, for --help; NULL: nothing follows */
    const char *help;
    /* The option of the configuration that it overrides, or NULL … */
    const char *section;
    const char *name;
    /* … and what else it does, with the field of context at offset. */
    argument_action *apply;
    size_t offset;
    int64_t minimum; /* of numbers */
    int64_t maximum;
};

/* Actions for fields: const char *, bool, int64_t. */
argument_action argument_take_text;
argument_action argument_take_switch;
argument_action argument_take_number;

/* Reads «--flag value», «--flag=value» and operands, which are moved to the
 * front of argv + 1; «--» ends the flags. On failure problem->field is the
 * flag, and config and context may hold part of it. */
bool arguments_read(const struct argument *table, int argc, char **argv,
                    struct config *config, void *context, int *operand_count,
                    struct problem *problem);

/* The last value given for a flag, or NULL; for what must be known before
 * everything else, as the configuration file. */
const char *arguments_value(const struct argument *table, int argc, char **argv,
                            const char *flag);

void arguments_print(const struct argument *table, FILE *out);

/* WIDTHxHEIGHT of a glass. */
bool argument_size(const char *value, int *width_px, int *height_px,
                   struct problem *problem);

#endif
