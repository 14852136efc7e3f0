# Writes the lists of data/words/ as C arrays, for display/core/typeset/words.h.
# usage: cmake -D OUT=FILE -D FOLDER=data/words -P words.cmake

# KIND: «:» for a list of words, «=» for a set of characters.
function(put name kind text type prefix)
    if(kind STREQUAL ":")
        string(REGEX REPLACE " *, *" "\", ${prefix}\"" text "${text}")
        set(made "const ${type} *const words_${name}[] = {\n${prefix}\"${text}\", 0}")
    else()
        string(REPLACE " " "" text "${text}")
        set(made "const ${type} words_${name}[] = ${prefix}\"${text}\"")
    endif()
    file(APPEND ${OUT} "${made};\n")
endfunction()

# TYPE is that of one element of a text, PREFIX that of its literals.
function(put_file file type prefix)
    set(name "")
    file(STRINGS ${FOLDER}/${file} lines ENCODING UTF-8)
    foreach(line IN LISTS lines ITEMS "end:")
        if(line MATCHES "^(#.*)?$")
            continue()
        elseif(line MATCHES "^([a-z_]+) ?([:=])$" OR line STREQUAL "end:")
            set(next_name "${CMAKE_MATCH_1}")
            set(next_kind "${CMAKE_MATCH_2}")
            if(name)
                put(${name} ${kind} "${text}" ${type} "${prefix}")
            endif()
            set(name "${next_name}")
            set(kind "${next_kind}")
            set(text "")
        elseif(line MATCHES "^ +([^\"\\]+)$" AND name)
            string(APPEND text " ${CMAKE_MATCH_1}")
            string(STRIP "${text}" text)
        else()
            message(FATAL_ERROR "${file}: neither «name:», «name =», a "
                "comment nor a line that goes on: '${line}'")
        endif()
    endforeach()
endfunction()

file(WRITE ${OUT} "#include \"display/core/typeset/words.h\"\n")
put_file(line_break.txt char32_t U)
put_file(clause.txt char "")
