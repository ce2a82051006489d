"""The language model: it answers predictably, to OpenAI's clients and to Anthropic's.

It repeats what the user said last. What else it does is asked for in that text, one wish a line:

    #tool NAME {"argument": "value"}    call a tool of the request; twice for two calls at once
    #think WORDS                        think these words before answering
    #pace FIRST PER_SECOND              seconds to the first token, tokens a second from there
    #length TOKENS                      answer with exactly so many tokens

and of every request at `/_sim/model`. Its bad days are faults: model_error, model_cut,
model_hang, model_garbage.
"""
