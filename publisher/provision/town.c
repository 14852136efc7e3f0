/* Names the files of a town, and fills in what commands need of it. */
#include "publisher/provision/town.h"

#include "base/files.h"
#include "base/handover.h"
#include "publisher/cli/tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS_BYTES = LINK_BROKER_MAX * TOWN_HOST_BYTES };

static bool join(char out[PATH_MAX], const char *folder, const char *name)
{
    int length = snprintf(out, PATH_MAX, "%s/%s", folder, name);

    return length > 0 && length < PATH_MAX;
}

bool town_name(const char *folder, struct town *out, struct problem *problem)
{
    *out = (struct town){.folder = folder};
    return (join(out->authority, folder, "ca") &&
            join(out->root, folder, "root/root.pem") &&
            join(out->root_public, folder, "root/root.pub.pem") &&
            join(out->list, folder, "root/keys.gaoshi") &&
            join(out->inventory, folder, "screens.csv")) ||
           problem_set(problem, PROBLEM_TOO_LARGE,
                       "the folder's name is too long");
}

bool town_open(const char *folder, struct town *out, struct problem *problem)
{
    char path[PATH_MAX];
    size_t bytes = 0;
    char *rest = NULL;

    if (!town_name(folder, out, problem))
        return false;
    join(path, folder, "hosts");
    char *text = file_read_text(path, HOSTS_BYTES, &bytes, problem);
    if (!text) {
        snprintf(problem->consequence, sizeof problem->consequence,
                 "--town takes a folder that provision town made");
        return false;
    }
    for (char *host = strtok_r(text, "\n", &rest);
         host && out->host_count < LINK_BROKER_MAX;
         host = strtok_r(NULL, "\n", &rest))
        snprintf(out->hosts[out->host_count++], TOWN_HOST_BYTES, "%s", host);
    free(text);
    return out->host_count > 0 ||
           problem_set(problem, PROBLEM_FIELD,
                       "%s: expected the broker's names, one a line", path);
}

/* An address of version 6 stands in brackets in an URL. */
static void put_url(char *out, size_t size, const char *host, int port)
{
    bool six = strchr(host, ':');

    snprintf(out, size, "mqtts://%s%s%s:%d", six ? "[" : "", host,
             six ? "]" : "", port);
}

bool town_fill(const struct town *town, const struct options *options,
               const char *kind, const char *name, int port,
               struct town_member *out, struct problem *problem)
{
    char file[PATH_MAX];

    *out = (struct town_member){.options = *options};
    snprintf(file, sizeof file, "%s%s", kind, name);
    bool named = join(out->folder, town->folder, file);
    snprintf(file, sizeof file, "%s.tar", name);
    if (!named || !join(out->tar, town->folder, file))
        return problem_set(problem, PROBLEM_TOO_LARGE, "the name is too long");
    struct options *own = &out->options;
    if (!own->authority_folder)
        own->authority_folder = town->authority;
    if (!own->root_file)
        own->root_file = town->root_public;
    if (!own->out_folder)
        own->out_folder = out->folder;
    else
        snprintf(out->folder, sizeof out->folder, "%s", own->out_folder);
    bool given = own->brokers.count > 0;
    for (size_t i = 0; port && !given && i < town->host_count; i++) {
        put_url(out->urls[i], sizeof out->urls[i], town->hosts[i], port);
        own->brokers.texts[own->brokers.count++] = out->urls[i];
    }
    own->quiet = true;
    return true;
}

bool town_pack(const struct town_member *member, const char *command,
               struct problem *problem)
{
    if (!handover_pack(member->folder, member->tar, problem))
        return false;
    if (member->options.json)
        tell_json(
            json_pack("{s:s, s:s}", "file", member->tar, "command", command));
    else
        tell_result("%s: carry it to its machine, and there: %s %s",
                    member->tar, command, strrchr(member->tar, '/') + 1);
    return true;
}
