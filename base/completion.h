/* Completes a command line by a program's tables of commands and options. The
 * shells' scripts (packaging/completions) ask the program, so that all shells
 * offer the same. */
#ifndef GAOSHI_BASE_COMPLETION_H
#define GAOSHI_BASE_COMPLETION_H

#include "base/options.h"

#include <stddef.h>
#include <stdio.h>

/* What a value or an operand names, a bit for each kind. The program gives
 * meaning to the bits above the first. */
#define COMPLETION_FILES 1u
#define COMPLETION_NAMES(n) (2u << (n))

struct completion_command {
    const char *name; /* its words; "": the program called without a command */
    const char *summary;
    option_groups groups; /* of its flags */
    unsigned operands;    /* what they name; 0: nothing that is known */
};

struct completion;

/* Offers names of these kinds by completion_offer. */
typedef void completion_names(struct completion *completion, unsigned kinds);

struct completion {
    const struct option_row *rows;
    const struct completion_command *commands;
    size_t command_count;
    completion_names *names; /* NULL: only files are known */
    FILE *out;

    /* Set while it runs, for names. */
    const struct completion_command *command;
    char **words; /* after the command's name, without the last */
    int word_count;
    const char *last;   /* what is completed; of --flag=value the value */
    const char *before; /* «--flag=», or "" */
    int before_length;
};

/* words: what was typed after the program's name; the last may be empty. Prints
 * one line for each word that may stand in place of the last: the word, a tab,
 * what it means. The line «:files» stands for names of files. */
void completion_print(struct completion *completion, int count, char **words);

/* Prints the line if the name begins with what was typed. help: NULL or "" if
 * there is none. */
void completion_offer(const struct completion *completion, const char *name,
                      const char *help);

#endif
