/* The commands of gaoshi-publish: one file each, one row each. */
#ifndef GAOSHI_PUBLISHER_COMMAND_H
#define GAOSHI_PUBLISHER_COMMAND_H

#include "publisher/cli/options.h"

/* Exit codes, as the manual page gives them. */
enum publish_exit {
    PUBLISH_DONE = 0,
    PUBLISH_OTHER = 1,
    PUBLISH_USAGE = 2,
    PUBLISH_UNCONFIRMED = 3,
    PUBLISH_REFUSED = 4, /* by the broker or the validator */
    PUBLISH_KEY = 6,
};

struct command {
    const char *name;     /* "alert cancel" */
    const char *operands; /* "ID" */
    const char *summary;
    unsigned groups; /* of its options */
    int least_operands;
    int most_operands;
    enum publish_exit (*run)(const struct options *options, int count,
                             char **operands);
};

/* Sorted by name. */
extern const struct command commands[];
extern const size_t command_count;

/* The command that argv begins with; *words is how many words its name has.
 * NULL: none. */
const struct command *command_find(int argc, char **argv, int *words);

/* The name that looks most like what was typed. */
const struct command *command_nearest(int argc, char **argv);

void command_print_help(const struct command *command, FILE *out);
void command_print_overview(FILE *out);

/* «alert» is the group of «alert cancel» and others. */
bool command_is_group(const char *word);
void command_print_group(const char *group, FILE *out);

enum publish_exit alert_cancel_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit alert_list_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit alert_raise_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit alert_templates_run(const struct options *options, int count,
                                      char **operands);
enum publish_exit alert_update_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit heartbeat_run(const struct options *options, int count,
                                char **operands);
enum publish_exit cap_check_run(const struct options *options, int count,
                                char **operands);
enum publish_exit cap_export_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit cap_import_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit cap_watch_run(const struct options *options, int count,
                                char **operands);
enum publish_exit keys_drop_run(const struct options *options, int count,
                                char **operands);
enum publish_exit keys_grant_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit keys_list_run(const struct options *options, int count,
                                char **operands);
enum publish_exit keys_new_run(const struct options *options, int count,
                               char **operands);
enum publish_exit keys_publish_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit keys_revoke_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit keys_rotate_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit outbox_drop_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit outbox_list_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit outbox_send_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit panel_push_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit provision_broker_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_ca_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit provision_operator_run(const struct options *options,
                                         int count, char **operands);
enum publish_exit provision_revoke_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_screen_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit validate_run(const struct options *options, int count,
                               char **operands);

#endif
