/* The folder of a town, that «provision town» makes: its authority, its root
 * key with the list of keys, and one tar file for each machine. Whoever has it
 * can make screens and operators; keep it on a machine without a network.
 *
 *   ca/              the authority
 *   root/            the root key and keys.gaoshi, the list that it signs
 *   hosts            the broker's names, one a line
 *   broker/          and broker.tar
 *   operators/NAME/  and NAME.tar
 *   screens/ID/      and ID.tar
 *   screens.csv      the inventory
 */
#ifndef GAOSHI_PUBLISHER_TOWN_H
#define GAOSHI_PUBLISHER_TOWN_H

#include "publisher/cli/options.h"

#include <limits.h>

enum { TOWN_HOST_BYTES = 256 };

struct town {
    const char *folder; /* borrowed */
    char authority[PATH_MAX];
    char root[PATH_MAX];        /* root/root.pem */
    char root_public[PATH_MAX]; /* root/root.pub.pem */
    char list[PATH_MAX];        /* root/keys.gaoshi */
    char inventory[PATH_MAX];
    char hosts[LINK_BROKER_MAX][TOWN_HOST_BYTES];
    size_t host_count;
};

/* The listeners of packaging/mosquitto. */
enum { TOWN_SCREEN_PORT = 8883, TOWN_OPERATOR_PORT = 8884 };

/* Names the files of a town that may not exist yet. False: the folder's name is
 * too long. */
bool town_name(const char *folder, struct town *out, struct problem *problem);

/* The same, with the hosts of a town that exists. */
bool town_open(const char *folder, struct town *out, struct problem *problem);

/* What the flags left out for a machine, filled in from the town. Everything is
 * borrowed of the two structs. */
struct town_member {
    struct options options;
    char folder[PATH_MAX]; /* of its files */
    char tar[PATH_MAX];
    char urls[LINK_BROKER_MAX][TOWN_HOST_BYTES + 16];
};

/* kind: "screens/", "operators/" or ""; port 0: no brokers. */
bool town_fill(const struct town *town, const struct options *options,
               const char *kind, const char *name, int port,
               struct town_member *out, struct problem *problem);

/* Writes the tar file of the member's folder and tells its name, with the
 * command that takes it. */
bool town_pack(const struct town_member *member, const char *command,
               struct problem *problem);

#endif
