/* What a screen is told about itself, its glass, its broker and whom it
 * trusts: an ini file, checked as a whole before anything starts. */
#ifndef GAOSHI_DISPLAY_CONFIG_H
#define GAOSHI_DISPLAY_CONFIG_H

#include "base/problem.h"
#include "display/core/page/theme.h"
#include "protocol/scope.h"

enum {
    CONFIG_TEXT_BYTES = 512,
    CONFIG_NAME_BYTES = 128,
    CONFIG_LIST_MAX = 8,
    CONFIG_OPTIONS_MAX = 64, /* rows of the options' table */
};

struct config_list {
    char texts[CONFIG_LIST_MAX][CONFIG_TEXT_BYTES];
    size_t count;
};

/* Texts that are not given are "". */
struct config {
    struct screen_identity identity;
    char place_name[CONFIG_NAME_BYTES];

    int height_mm;                 /* 0: not known */
    int viewing_mm;                /* 0: not known */
    int rotation;                  /* 0, 90, 180, 270 */
    char theme[CONFIG_NAME_BYTES]; /* of data/themes, without .ini */
    int motion;                    /* enum motion_level */
    int utc_offset_minutes;
    unsigned furniture; /* bits of enum furniture_part */
    char ticker[CONFIG_TEXT_BYTES];

    struct config_list brokers;
    char username[CONFIG_NAME_BYTES];
    char password_file[CONFIG_TEXT_BYTES];
    char ca_file[CONFIG_TEXT_BYTES];
    char cert_file[CONFIG_TEXT_BYTES];
    char key_file[CONFIG_TEXT_BYTES];
    int mqtt_version; /* 5 or 4, as link.h has it */

    struct config_list trust_root; /* public keys, PEM files, as the next */
    struct config_list trust_panels;
    struct config_list trust_alerts;
    struct config_list trust_commands;

    char store_file[CONFIG_TEXT_BYTES]; /* "": memory only */

    int show_exercises; /* 0 or 1 */
    int show_tests;
    int presentations[ALERT_LEVEL_COUNT]; /* enum presentation */
    int situation;                        /* enum situation_share */

    char file[CONFIG_TEXT_BYTES];  /* that was read last; "": none */
    int lines[CONFIG_OPTIONS_MAX]; /* where it gives each option; 0: it does not
                                    */
    /* A screen shows what it kept whatever [broker] says: with this set, what
     * is wrong there is noted below (the first of it; code PROBLEM_NONE:
     * nothing), and the reading goes on. */
    bool forgives_line;
    struct problem line_problem;
};

/* Every option at its default. */
void config_init(struct config *config);

/* Reads a file over what the config holds. An unknown section or key, a bad
 * value, a key given twice: file:line: key: what was expected. Files are
 * named from the folder of the configuration. The config is untouched on
 * failure. */
bool config_read(const char *file, struct config *config,
                 struct problem *problem);

/* What only the whole can tell: a screen needs an org and an id, somebody
 * whom it trusts, and, unless the line is forgiven, a line. */
bool config_check(const struct config *config, struct problem *problem);

/* The same of [broker] alone: an address, a certificate and its key, … */
bool config_check_line(const struct config *config, struct problem *problem);

/* Names the file, and the line where it gives the option of problem->field. A
 * place that is set already is put before the words. */
void config_place_problem(const struct config *config, struct problem *problem);

#endif
