/* keys new: makes a key pair in two new files; no file is overwritten. */
#include "base/files.h"
#include "base/language.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keys/keys.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PRIVATE_MODE = 0600, PUBLIC_MODE = 0644 };

/* NAME.pem and NAME.pub.pem in the folder. */
struct key_files {
    char *private_path;
    char *public_path;
};

static bool name_files(const char *folder, const char *name,
                       struct key_files *out, struct problem *problem)
{
    if (asprintf(&out->private_path, "%s/%s.pem", folder, name) < 0)
        out->private_path = NULL;
    if (asprintf(&out->public_path, "%s/%s.pub.pem", folder, name) < 0)
        out->public_path = NULL;
    return (out->private_path && out->public_path) ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* Both files or none. */
static bool write_files(const struct key_files *files, const struct key *key,
                        const char *pass_phrase, struct problem *problem)
{
    char *secret = key_to_private_pem(key, pass_phrase);
    char *public = key_to_public_pem(key);
    bool written = false;

    if (!secret || !public)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    else if (file_create(files->private_path, PRIVATE_MODE, secret, problem)) {
        written = file_create(files->public_path, PUBLIC_MODE, public, problem);
        if (!written)
            unlink(files->private_path);
    }
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
    free(public);
    return written;
}

static bool write_pair(const struct options *options,
                       const struct key_files *files, const struct key *key,
                       struct problem *problem)
{
    char pass_phrase[LIMIT_PASS_PHRASE_BYTES + 1] = "";
    bool written =
        (!options->lock ||
         key_file_choose_pass_phrase(options, pass_phrase, problem)) &&
        write_files(files, key, options->lock ? pass_phrase : NULL, problem);

    explicit_bzero(pass_phrase, sizeof pass_phrase);
    return written;
}

static bool make_pair(const struct options *options,
                      enum key_algorithm algorithm, struct problem *problem)
{
    const char *name = options->name ? options->name : "gaoshi";
    struct key_files files = {0};
    struct key *key = NULL;

    bool made = folder_ensure(options->out_folder, problem) &&
                name_files(options->out_folder, name, &files, problem) &&
                key_generate(algorithm, &key, problem) &&
                write_pair(options, &files, key, problem);
    if (made && options->json && !options->quiet)
        tell_json(json_pack("{s:s, s:s, s:s}", "key", key_id(key), "private",
                            files.private_path, "public", files.public_path));
    else if (made && !options->quiet)
        language_print(
            stdout,
            "key %s\nprivate %s (keep it secret)\npublic %s (for the "
            "screens)\n",
            key_id(key), files.private_path, files.public_path);
    key_destroy(key);
    free(files.private_path);
    free(files.public_path);
    return made;
}

static bool check(const struct options *options, enum key_algorithm *algorithm)
{
    *algorithm = KEY_ED25519;
    if (!options->out_folder)
        tell_line("--out is missing; see gaoshi-publish keys new --help");
    else if (options->name && strchr(options->name, '/'))
        tell_line("--name '%s': expected a name without '/'", options->name);
    else if (options->algorithm &&
             !key_algorithm_parse(options->algorithm, algorithm))
        tell_line("--algorithm '%s': expected ed25519 or sm2",
                  options->algorithm);
    else
        return true;
    return false;
}

enum publish_exit keys_new_run(const struct options *options, int count,
                               char **operands)
{
    struct problem problem = {.consequence = "no key was made"};
    enum key_algorithm algorithm;

    (void)count;
    (void)operands;
    if (!check(options, &algorithm))
        return PUBLISH_USAGE;
    if (make_pair(options, algorithm, &problem))
        return PUBLISH_DONE;
    tell_problem(&problem);
    return PUBLISH_KEY;
}
