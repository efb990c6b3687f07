namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>A map of nginx (ngx_http_map_module). It compares decoded paths and does not tell letter case apart, as the service did not.</summary>
internal static class NginxRules
{
    /// <summary>What an entry of its hash has beside the key: two pointers and a terminator, with alignment.</summary>
    private const int EntryOverhead = 32;

    public static void WriteMap(IReadOnlyList<StreamingRule> rules, TextWriter text)
    {
        int longest = rules.Count == 0 ? 0 : rules.Max(rule => System.Text.Encoding.UTF8.GetByteCount(rule.DecodedPath));
        text.Write(
            $$"""
            # Old addresses of Azure Media Services. In the http block: include nginx-map.conf;
            # If it has these two already, keep the greater ones.
            map_hash_bucket_size {{PowerOfTwo(Math.Max(64, longest + EntryOverhead))}};
            map_hash_max_size {{PowerOfTwo(Math.Max(2048, 2 * rules.Count))}};

            map $uri $ams_streaming_url {
                default "";

            """.Replace("\r", ""));
        foreach (StreamingRule rule in rules)
        {
            // A dollar in the value would begin a variable, and has no other spelling there than the address's own.
            text.Write($"    \"{Escape(rule.DecodedPath)}\" \"{Escape(rule.To.Replace("$", "%24"))}\";\n");
        }

        text.Write("}\n");
    }

    public static void WriteServer(TextWriter text) => text.Write(
        """
        # In the server block that answers for the old host names: include nginx-server.conf;
        # Players on other sites need the header on the redirection, too.
        set $ams_streaming_target $ams_streaming_url;
        if ($ams_streaming_target) {
            rewrite ^ /.ams-streaming-url last;
        }

        location = /.ams-streaming-url {
            internal;
            add_header Access-Control-Allow-Origin "*" always;
            return 302 $ams_streaming_target;
        }

        """.Replace("\r", ""));

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"");

    private static int PowerOfTwo(int atLeast)
    {
        int power = 64;
        while (power < atLeast)
        {
            power *= 2;
        }

        return power;
    }
}
