namespace AmsMigration.StreamingUrls.Testing;

/// <summary>The command that sets a problem right, with the names that the address tells.</summary>
internal static class StreamingUrlAdvice
{
    private const string NewUrls =
        "Convert-AmsAssetToStatic -UrlLayout StreamingLocator publishes manifests at the old paths; the rules of Export-AmsStreamingUrlMap lead to the new ones.";

    /// <param name="contentType">What it should be, where that is the problem.</param>
    public static string? For(string code, Uri address, string? contentType = null) => code switch
    {
        "CorsMissing" => Cors(address),
        "PublicAccessNotPermitted" => PublicAccess(address),
        "ContentTypeWrong" => ContentType(address, contentType ?? ""),
        "HostUnknown" => Host(address),
        "CertificateWrong" =>
            $"az afd custom-domain create --resource-group <group> --profile-name <profile> --custom-domain-name {address.Host.Replace('.', '-')} --host-name {address.Host} "
            + "--certificate-type ManagedCertificate --minimum-tls-version TLS12; blob storage alone has no certificate for a host name of yours.",
        "NotFound" or "NoNewUrl" => NewUrls,
        "PointsElsewhere" => "Where the other host is yours, name it with -MediaHostName; else somebody has changed the manifest: convert again with -Force.",
        "RedirectionLoop" => "Take the rule away that leads the address to itself: where the old host name is the new one, aliases need no rule.",
        "RedirectionInsecure" => "Export-AmsStreamingUrlMap -BaseUri https://<host> writes rules that stay with https.",
        "RangesIgnored" => "Let the server answer Range requests with 206: blob storage does; a proxy or CDN in front of it may be set to drop the header.",
        "Forbidden" when StoragePlace.Of(address) is StoragePlace place =>
            $"az storage account update --name {place.Account} --resource-group <group> --default-action Allow opens the account's firewall; a CDN in front of it may do instead.",
        "HostUnreachable" or "TimedOut" or "ServerFailed" => "Look at the server's health and firewall, then run the command again.",
        _ => null,
    };

    private static string Cors(Uri address) =>
        StoragePlace.Of(address) is StoragePlace place
            ? $"az storage cors add --services b --methods GET HEAD OPTIONS --origins '*' --allowed-headers '*' --exposed-headers 'Content-Length,Content-Range,Content-Type' --max-age 86400 --account-name {place.Account}"
        : address.Host.EndsWith(".web.core.windows.net", StringComparison.OrdinalIgnoreCase)
            ? "A static website cannot send the header: use the blob endpoint, or Azure Front Door in front of it."
        : $"Have {address.Host} send Access-Control-Allow-Origin: * with manifests, segments and redirections; behind Azure Front Door: az storage cors add --services b "
            + "--methods GET HEAD OPTIONS --origins '*' --allowed-headers '*' --max-age 86400 --account-name <account>.";

    private static string PublicAccess(Uri address)
    {
        StoragePlace place = StoragePlace.Of(address) ?? new StoragePlace("<account>", "<container>", "");
        return $"az storage account update --name {place.Account} --resource-group <group> --allow-blob-public-access true; "
            + $"az storage container set-permission --name {Quote(place.Container)} --public-access blob --account-name {place.Account}";
    }

    private static string ContentType(Uri address, string type) =>
        StoragePlace.Of(address) is StoragePlace place
            ? $"az storage blob update --account-name {place.Account} --container-name {Quote(place.Container)} --name {Quote(place.Blob)} --content-type {type}"
            : $"Have {address.Host} send Content-Type: {type}.";

    private static string Host(Uri address)
    {
        if (address.Host.EndsWith(".media.azure.net", StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith(".mediaservices.windows.net", StringComparison.OrdinalIgnoreCase))
        {
            return "The service's own host names went with it and cannot be had back: change the address in pages and players. -BaseUri tests the new host.";
        }

        string[] labels = address.Host.Split(['.'], 2);
        return $"az network dns record-set cname set-record --resource-group <group> --zone-name {labels.Last()} --record-set-name {labels[0]} --cname <new host>";
    }

    /// <summary>As PowerShell takes it.</summary>
    private static string Quote(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '<' or '>') ? name : $"'{name.Replace("'", "''")}'";
}
