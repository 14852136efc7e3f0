/* All commands of gaoshi-publish: one row each. */
#ifndef GAOSHI_PUBLISHER_COMMANDS_H
#define GAOSHI_PUBLISHER_COMMANDS_H

#include "publisher/cli/command.h"

/* Sorted by name. */
extern const struct command commands[];
extern const size_t command_count;

/* The command at the start of argv; *words is the number of words of its name.
 * NULL: none. */
const struct command *command_find(int argc, char **argv, int *words);

/* The command that the typed words probably mean; NULL: none is like them. */
const struct command *command_nearest(int argc, char **argv);

void command_print_help(const struct command *command, FILE *out);
void command_print_overview(FILE *out);

/* «alert» is the group of «alert cancel» and others. */
bool command_is_group(const char *word);
void command_print_group(const char *group, FILE *out);

#endif
