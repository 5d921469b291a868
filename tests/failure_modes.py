# ruff: noqa: E501
"""What goes wrong, what elute does then, and the tests that provoke it: the tables of docs/reliability.md, a row a failure.

A test is named ``file::test``, the file as it lies under ``tests/``, or ``js/file::title``, under ``js/test/``; ``(full)`` behind it says that it
tries in ``make torture`` only. Where a failure can't be provoked here, or only in part, ``why`` says so. ``tests/test_failure_modes.py`` holds
the tests to be there, and ``make reliability`` writes the tables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A failure, what must happen, the tests that hold it, and why these provoke but a part of it."""

    name: str
    expected: str
    tests: tuple[str, ...] = ()
    why: str = ""


def _rows(table: str) -> tuple[Failure, ...]:
    """Rows as they are written below: a line ``name | expected``, then its tests and reasons, each on a line of its own."""
    rows: list[Failure] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        sign, _, rest = line.partition(" ")
        if sign == "*":
            name, expected = rest.split(" | ")
            rows.append(Failure(name, expected))
        else:
            last = rows.pop()
            tests, why = ((rest,), "") if sign == "-" else ((), rest)
            rows.append(Failure(last.name, last.expected, last.tests + tests, f"{last.why} {why}".strip()))
    return tuple(rows)


RUNNING = _rows("""
* kernel busy | a round computes beside the cell and can be cancelled; a page that waits for a busy kernel says so, and what it asked is honoured
- package/test_kernels.py::test_a_cell_computes_while_a_round_runs_and_cancel_stops_it
- browser/test_busy.py::test_a_cell_computes_while_a_round_runs
- browser/test_bad_input.py::test_hidden_slow_and_dead
- js/kernel.test.ts::never fails for want of time, but says that the kernel is busy
* duplicates in the graph | the graph is over distinct texts with multiplicity; labels, coords and scores are copied back to every row
- test_neighbors.py::test_distinct_rows_give_back_all_rows
- test_session.py::test_copies_share_their_cluster_and_place
- test_cluster_graph.py::test_hdbscan_counts_copies
- test_communities.py::test_copies_number_clusters_and_move_none
- test_metrics.py::test_copies_count_as_if_written_out
* long texts | how many are cut is said; they are read in pieces and averaged on wish
- test_embed_sbert.py::test_texts_the_model_cuts_are_counted_and_cut
- test_embed_sbert.py::test_mean_pooling_reads_to_the_end
- test_embed_openai.py::test_texts_beyond_the_limit_are_cut_and_that_is_said
* interrupt | a round stops cleanly, the last one stays whole
- test_session.py::test_an_interrupt_leaves_the_last_round_whole
- browser/test_survive_round.py::test_an_interrupted_run_leaves_the_last_round_as_it_was
- test_jobs.py::test_an_interrupt_of_the_cell_stops_everything
* Python error in a request | an error reply within a second, its message without secrets; one goes on
- test_wire.py::test_errors_become_replies_without_secrets
- browser/test_survive_round.py::test_a_request_that_breaks_is_answered_at_once_and_without_its_reason
- test_widget.py::test_an_error_in_a_round_is_said_and_one_goes_on
- test_going_back.py::test_what_breaks_in_a_round_is_one_calm_sentence_without_texts
* message flood | updates are coalesced to ten a second; the page ends in the state that Python has
- test_jobs.py::test_ten_statuses_a_second_and_every_new_stage_and_message
- test_offload.py::test_progress_is_at_most_ten_a_second
* huge selection | a selection is one bit a row: 2 million rows are 250 KB, either way
- test_facts.py::test_a_selection_of_two_million_rows_is_a_quarter_of_a_megabyte
- js/select.test.ts::of 100,000 points, with a hand's outline of a thousand corners
* page reload | points, decisions, selection and progress come back from the kernel that lives on
- browser/test_survive_round.py::test_a_reload_in_mid_round_brings_points_selection_and_progress_back
- browser/test_return.py::test_a_reload_brings_map_decisions_and_selection_back
* kernel restart | the page says to run the cell again; decisions come back from the journal
- browser/test_return.py::test_a_restarted_kernel_finds_the_decisions
- browser/test_bad_input.py::test_hidden_slow_and_dead
- test_widget.py::test_running_the_cell_again_finds_everything
- test_returning.py::test_what_came_back_is_told_in_one_line
* socket drop | decisions made meanwhile are sent again by their id and apply once; the page asks for everything it lacks
- js/kernel.test.ts::are sent again by the same id, more and more rarely, while nobody answers
- js/kernel.test.ts::wait where the comm is gone, and go out when somebody answers again
- js/store.test.ts::asks for everything when the link comes back
- test_ledger.py::test_the_same_decision_sent_twice_applies_once
* two views of one widget | both show the same, and no message goes round and round
- browser/test_views.py::test_two_views_show_the_same
- js/store.test.ts::takes a selection that Python set, and does not answer with its own
* cell run 20 times | WebGL contexts, listeners and living widgets stay as many as they were
- browser/test_flat.py::test_runs_and_lassos_leave_nothing
- browser/test_views.py::test_running_the_cell_again_leaves_nothing_behind
- test_widget.py::test_a_closed_widget_is_let_go
* WebGL context lost | it is said, drawn again, and the selection stays
- browser/test_backends.py::test_a_lost_context_is_said_and_comes_back
* no WebGL2 | it is said; the map is drawn by typed arrays where that is possible; table, search and masks work
- browser/test_no_webgl.py::test_the_map_works_without_webgl2
- js/panels.test.ts::works without WebGL2: says so where the map would be, lists clusters, reads and decides
* notebook saved with widget state | it is bounded and holds no text, vector or key
- browser/test_saved.py::test_a_saved_notebook_holds_no_text
- test_widget.py::test_no_text_vector_or_key_is_ever_in_a_trait
* memory | what a step takes is estimated before it begins; what would not fit is refused, or laid out on a sample, with the number
- test_memory.py::test_a_step_that_would_not_fit_is_refused_with_its_number
- test_memory.py::test_a_map_that_would_not_fit_is_laid_out_on_a_sample_and_it_is_said
- test_memory.py::test_a_container_of_either_version_has_less
* crash while saving | every acknowledged decision is there and none is invented; an unreadable file is renamed aside, never overwritten
- test_crash_sweep.py::test_killed_at_every_step
- test_crash_sweep.py::test_the_power_cut_at_every_step
- test_crash_sweep.py::test_a_step_that_fails_costs_nothing
- test_crash_sweep.py::test_a_disk_that_lies_is_found_out
- test_fuzz.py::test_the_journal_reads_every_whole_line_and_invents_none
- test_journal.py::test_a_torn_tail_costs_only_the_torn_record
- test_journal.py::test_damage_in_the_middle_leaves_the_rest_and_a_copy
- test_journal.py::test_any_bytes_are_read_without_an_exception
* saved? | "saved" is said after fsync only; decisions queue while disconnected and are sent again by id
- test_journal.py::test_a_full_disk_keeps_decisions_in_memory_until_it_is_solved
- test_journal.py::test_the_same_id_never_applies_twice
- test_returning.py::test_the_page_says_what_is_not_saved_until_it_is
- test_wire.py::test_an_act_that_comes_twice_is_done_once_and_answered_as_before
- js/kernel.test.ts::wait where the comm is gone, and go out when somebody answers again
* random use | masks are those of a plain list, whatever is done in whatever order
- test_ledger_machine.py::TestDeciding
- js/store.test.ts::agrees with a plain set of rows after any gestures and decisions
* undo | after a removal, an accepted suggestion and a round, three undos give the masks from before
- test_facts.py::test_three_undos_give_the_masks_from_before
- test_ledger.py::test_going_back_is_a_decision_and_loses_nothing
* disk full, read-only folder | it is said, and the session goes on in memory
- test_crash_sweep.py::test_a_disk_that_stays_full_loses_nothing_that_was_saved_and_keeps_the_rest_in_memory
- test_journal.py::test_a_full_disk_keeps_decisions_in_memory_until_it_is_solved
- test_journal.py::test_a_place_that_cannot_be_written_is_said
- test_embed_cache.py::test_a_full_disk_keeps_what_was_there
""")
"""What goes wrong while one works."""

SECURITY = _rows("""
* XSS | texts, labels, names and what a model says reach the page as text alone
- browser/test_html.py::test_what_is_html_stays_text
- browser/test_naughty.py::test_naughty_strings_stay_text
- js/panels.test.ts::keeps names, reasons and texts text, whatever they hold
! JupyterLab itself does not run under an enforced Trusted Types policy: the test notes every string that is made into HTML within the widget instead.
* HTML report | escaped, under a strict Content-Security-Policy, with no script and nothing loaded
- test_report.py::test_html_holds_no_markup_of_the_data_and_loads_nothing
- test_session.py::test_figures_draw_every_row_once_as_escaped_text
- browser/test_report_page.py::test_a_report_is_read_saved_and_opened
* CSV formula | elute writes no CSV: tables come back in kind, and it is the person who writes a file
- test_facts.py::test_elute_writes_no_csv
* naughty input | no script runs, no request leaves, no mask changes
- browser/test_naughty.py::test_naughty_strings_stay_text
- test_analyze_openai.py::test_strings_of_a_model_are_plain_text_and_noise_stays_noise
* prompt injection | texts stay between fences with a nonce for each call; a verdict is one of four words; no model's word removes a row
- test_analyze_audit.py::test_texts_that_give_orders_change_no_mask_and_no_other_verdict
- test_analyze_audit.py::test_a_text_stays_between_its_fences
- test_analyze_schema.py::test_every_text_is_fenced_with_a_fresh_nonce_and_clipped
- test_analyze_schema.py::test_numbers_of_an_answer_must_fit_what_was_shown
- test_rowwise.py::test_a_verdict_changes_no_mask_and_no_other_batch
- test_advisor.py::test_what_is_to_be_looked_at_is_never_accepted_in_bulk
- test_autopilot.py::test_a_models_word_alone_drops_nothing
* key leak | a key is in the header of the request and nowhere else; what is kept is the name of its environment variable
- test_analyze_audit.py::test_the_key_is_nowhere_but_in_the_header
- test_analyze_audit.py::test_the_key_is_not_in_what_the_page_is_told
- test_analyze_openai.py::test_the_key_is_read_when_needed_and_shown_nowhere
- test_privacy.py::test_the_key_of_an_embedder_is_in_its_header_alone
- test_privacy.py::test_the_key_is_in_nothing_that_is_written_or_shown
- test_privacy.py::test_the_key_is_not_in_a_notebook (full)
- test_embed_openai.py::test_lasting_faults_are_one_clear_error_without_the_key
* privacy | nothing leaves the machine before a person chose a remote provider and saw what would be sent and what it costs
- test_privacy.py::test_nothing_leaves_in_a_whole_session
- test_privacy.py::test_nothing_leaves_with_sentence_bert (full)
- test_privacy.py::test_telemetry_is_off_before_and_after_the_hub_is_imported_and_a_person_may_have_it
- test_privacy.py::test_the_page_asks_for_nothing_but_the_kernel
- test_analyze_audit.py::test_nothing_leaves_with_the_offline_analyst
- test_analyze_audit.py::test_a_remote_analyst_on_the_page_waits_for_consent
- test_widget.py::test_nothing_leaves_before_the_person_agreed
- test_widget_rows.py::test_no_query_goes_to_a_remote_provider_before_the_person_agreed
- test_widget_rowwise.py::test_no_text_leaves_before_the_person_agreed
- test_reporting.py::test_nothing_is_sent_to_a_remote_model_before_the_person_agreed
- browser/test_analyst.py::test_nothing_is_sent_before_the_person_agreed
* unsafe load | what is loaded is JSON, Parquet, safetensors or arrays without pickle
- test_safe_loading.py::test_no_source_loads_what_could_run
- test_safe_loading.py::test_a_bomb_in_the_archive_is_a_miss
- test_safe_loading.py::test_a_bomb_in_the_cache_of_vectors_is_a_miss
- test_safe_loading.py::test_a_bomb_in_a_journal_or_an_audit_is_no_record
- test_safe_loading.py::test_a_bomb_from_the_helper_is_refused
- test_embed_sbert.py::test_pickled_weights_are_not_loaded
- test_offload.py::test_only_functions_inside_elute_are_called
* path traversal | a name is resolved and must stay under its root; the page names no file
- test_safe_loading.py::test_no_key_leads_out_of_the_archive
- test_safe_loading.py::test_a_journal_of_another_leads_nowhere
- test_safe_loading.py::test_the_page_never_names_a_file
* remote code | a model's own code runs only where the person says so
- test_embed_sbert.py::test_models_that_are_not_there_or_bring_code
- test_safe_loading.py::test_remote_code_is_off_unless_the_cell_says_so
""")
"""Security and privacy."""

INPUT = _rows("""
* empty frame, missing column | one error that names the column and those there are
- test_bad_table.py::test_empty_frame_missing_column
- test_compose.py::test_a_missing_column_names_the_columns_there_are
- browser/test_bad_input.py::test_tables_of_no_one_and_two_rows
* 1 or 2 rows | one cluster; axes that are not there are zero
- test_bad_table.py::test_1_or_2_rows
- test_cluster.py::test_every_small_size
- browser/test_bad_input.py::test_tables_of_no_one_and_two_rows
* n <= 4 | PCA in place of UMAP, and it is said
- test_bad_table.py::test_n_up_to_4
- test_project.py::test_every_small_size
* n <= 30 with t-SNE | the perplexity is less, and its value is shown
- test_bad_table.py::test_n_up_to_30_with_t_sne
* all texts identical | it is said, and dropping all copies but one is offered
- test_bad_table.py::test_all_texts_identical
- browser/test_bad_input.py::test_one_place_500_clusters_5000_labels
* None, NaN, numbers, lists | marked as missing or not text, not embedded, never made a string
- test_bad_table.py::test_none_nan_numbers_lists
- test_bad_any.py::test_any_bad_table_keeps_its_rows
- test_compose.py::test_what_is_not_text_is_marked_and_never_made_a_string
* empty or blank text | not embedded, and a group that is seen
- test_bad_table.py::test_empty_or_blank_text
* lone surrogates, control characters | mended on the working copy, counted; the original stays
- test_bad_table.py::test_lone_surrogates_control_characters
- test_clean.py::test_surrogates_are_joined_or_go
- browser/test_bad_input.py::test_a_text_of_10_mb_and_signs_of_all_scripts
* a 10 MB text | cut with a flag; clipped in lists, whole on demand
- test_bad_table.py::test_a_10_mb_text
- test_widget_rows.py::test_a_text_of_ten_million_bytes_fits_into_a_message
- browser/test_bad_input.py::test_a_text_of_10_mb_and_signs_of_all_scripts
* duplicated index, MultiIndex | masks go by position, decisions by a stable id
- test_bad_table.py::test_duplicated_index_multi_index
- test_corpus.py::test_a_mask_gives_exactly_its_rows
* NaN or inf vectors | refused before clustering, with their rows
- test_bad_table.py::test_nan_or_inf_vectors
- test_vectors.py::test_one_bad_number_among_many_is_found
* zero vectors | left out, listed, and they change nothing for the others
- test_bad_table.py::test_zero_vectors
* wrong dimension, provider returns too few vectors | an error with both numbers; nothing of it is cached
- test_bad_table.py::test_wrong_dimension_provider_returns_too_few_vectors
- test_embed.py::test_wrong_vectors_are_an_error_and_only_right_ones_are_cached
* k > n, eps <= 0, min_cluster_size = 1 | refused in the form, before any work
- test_bad_table.py::test_k_above_n_eps_up_to_0_min_cluster_size_1
- js/panels.test.ts::refuses a value out of range before any work, and runs a round with what fits
* hdbscan metric="cosine" | vectors of unit length by euclidean distance
- test_bad_table.py::test_hdbscan_metric_cosine
* one cluster only | "n/a" where an index needs two
- test_bad_table.py::test_one_cluster_only
- test_metrics.py::test_what_is_not_defined_is_none
* LLM: garbage, refusal, truncated, 429, 5xx, timeout, wrong ids | a state for each cluster, and Retry; the others go on; half an answer is never mended
- test_bad_table.py::test_llm_garbage_refusal_truncated_429_5xx_timeout_wrong_ids
- test_analyze_garbage.py::test_two_hundred_broken_answers_become_the_schema_or_a_failure
- test_analyze_garbage.py::test_half_an_answer_that_claims_to_be_whole_is_never_mended
""")
"""Bad input. Row count and order are always preserved; bad rows are listed, never dropped in silence."""

FACTS = _rows("""
* the thread of a handler depends on ipykernel | a handler only validates and enqueues; one worker computes
- package/test_kernels.py::test_a_cell_computes_while_a_round_runs_and_cancel_stops_it
* anywidget's commands may never reply | one envelope of our own: a request ends in exactly one reply or error
- test_fuzz.py::test_the_wire_answers_anything_once_and_breaks_on_nothing
- test_wire.py::test_errors_become_replies_without_secrets
- test_wire.py::test_an_act_in_hand_on_another_thread_is_answered_once
- test_widget.py::test_a_person_works_through_every_request
* initialize() has 2 s | the page has none: it draws and asks, and awaits nothing
- test_facts.py::test_the_page_is_text_read_once_small_and_awaits_nothing
* _esm as a Path keeps widgets alive | it is text, read once
- test_facts.py::test_the_page_is_text_read_once_small_and_awaits_nothing
- test_widget.py::test_a_closed_widget_is_let_go
* _esm is sent with each instance | it is under 500 KB, without plotly
- test_facts.py::test_the_page_is_text_read_once_small_and_awaits_nothing
* sockets drop messages | columns travel in chunks, statuses at most ten a second
- test_widget.py::test_columns_above_2_mb_travel_in_chunks
- test_jobs.py::test_ten_statuses_a_second_and_every_new_stage_and_message
* openai brings its own httpx | tests ask a real server
- test_analyze_openai.py::test_an_answer_becomes_the_schema_and_names_are_made_distinct
* silent wrong answers | NaN is refused, masks go by position, JSON holds no NaN
- test_cluster.py::test_nan_rows_are_listed_before_any_work
- test_corpus.py::test_a_mask_gives_exactly_its_rows
- test_corpus.py::test_a_dataset_with_a_format_is_read_without_it_and_keeps_it
- test_wire.py::test_json_holds_no_nan
- test_wire.py::test_a_number_is_finite
* two UMAPs at once abort the kernel | umap-learn runs in a helper process, and elute's own loops use no pool of numba's
- test_offload.py::test_a_persons_own_umap_runs_beside_the_helpers
- test_facts.py::test_no_loop_uses_the_pool_of_numba
* JupyterLab's keys reach the widget | no shortcut pressed over the widget changes a cell
- browser/test_keys.py::test_no_key_of_the_widget_reaches_the_notebook
- js/panels.test.ts::never reach the host when they were handled
* buffers differ by host | any buffer is read; where they are lost, the same bytes go as text
- js/kernel.test.ts::uses buffers where they survive both ways
- js/kernel.test.ts::gives up where base64 is changed too
- test_wire.py::test_a_host_that_loses_buffers_gets_text
* messages have a ceiling | none of ours is above 4 MB
- test_widget_rows.py::test_a_text_of_ten_million_bytes_fits_into_a_message
- test_widget_rows.py::test_a_list_of_long_rows_fits_into_a_message
- test_widget_rows.py::test_values_travel_in_chunks
* hosts without threads | jobs run inline, in slices of time
- test_jobs.py::test_without_threads_jobs_run_at_once
- test_jobs.py::test_in_pyodide_a_slice_is_one_turn_of_the_event_loop
- test_compiled.py::test_where_no_thread_can_be_started_the_caller_works
! Pyodide itself is not run here: its event loop and its lack of threads are imitated.
* notebooks are overwritten | no decision is kept in a notebook; the journal has them
- browser/test_saved.py::test_a_saved_notebook_holds_no_text
- browser/test_return.py::test_a_restarted_kernel_finds_the_decisions
* window managers take Alt and Shift | each way to combine is a button too
- browser/test_select.py::test_add_subtract_intersect_by_button
! Windows and its window manager are not run here.
""")
"""Facts about hosts and libraries that elute is built around."""

TABLES = {"While one works": RUNNING, "Security and privacy": SECURITY, "Bad input": INPUT, "Hosts and libraries": FACTS}
