namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>
/// A RewriteMap of Apache httpd (mod_rewrite). A key of it ends at the first blank, so paths are looked up escaped, and in lower case because the service did
/// not tell case apart.
/// </summary>
internal static class ApacheRules
{
    public const string MapName = "apache-map.txt";

    /// <summary>What <c>int:escape</c> leaves as it is beside letters and digits (ap_os_escape_path); newer versions leave the semicolon, too.</summary>
    private static readonly string[] Unescaped = ["$-_.+!*'(),:@&=/~;", "$-_.+!*'(),:@&=/~"];

    public static void WriteMap(IReadOnlyList<StreamingRule> rules, TextWriter text)
    {
        text.Write("# Old addresses of Azure Media Services, for apache.conf.\n");
        foreach (StreamingRule rule in rules)
        {
            foreach (string key in Unescaped.Select(legal => UriText.ToLowerAscii(UriText.Encode(rule.DecodedPath, legal))).Distinct())
            {
                text.Write($"{key} {rule.To}\n");
            }
        }
    }

    public static void WriteRules(TextWriter text) => text.Write(
        """
        # In the server's configuration, outside of any VirtualHost. A long map is faster as a DBM file: httxt2dbm -i apache-map.txt -o streaming-urls.dbm,
        # and "dbm:" and that name below.
        Define AMS_STREAMING_URLS "/etc/apache2/apache-map.txt"
        RewriteMap ams-urls "txt:${AMS_STREAMING_URLS}"
        RewriteMap ams-lower "int:tolower"
        RewriteMap ams-escape "int:escape"

        # In the VirtualHost that answers for the old host names.
        RewriteEngine On
        RewriteCond "${ams-urls:${ams-lower:${ams-escape:%{REQUEST_URI}}}}" "^(.+)$"
        RewriteRule "\.isml?/manifest" "%1" [NC,R=302,NE,QSD,L,E=AMS_STREAMING_URL:1]

        # Players on other sites need the header on the redirection, too (a2enmod headers).
        <IfModule mod_headers.c>
            Header always set Access-Control-Allow-Origin "*" env=AMS_STREAMING_URL
        </IfModule>

        """.Replace("\r", ""));
}
