namespace AmsMigration.StreamingUrls.Map;

/// <summary>From where a file of an output lies to where the public finds it.</summary>
/// <param name="baseUri">The public address; null where the storage's own is.</param>
/// <param name="destination">The folder or container that it publishes; null where it stands for the whole storage account.</param>
internal sealed class NewAddresses(Uri? baseUri, string? destination)
{
    private readonly string? _destination = destination?.Split('?')[0].TrimEnd('/', '\\');

    /// <param name="location">Full path, or URI.</param>
    /// <returns>Without query, and so without a signature; null where it lies in a folder that nobody is known to publish.</returns>
    public string? Of(string location)
    {
        bool isAddress = Uri.TryCreate(location, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
        string place = isAddress ? address!.GetLeftPart(UriPartial.Path) : location;
        return baseUri is null ? (isAddress ? place : null)
            : Below(place) is string below ? Root(baseUri) + (isAddress ? below : string.Join("/", below.Split('/', '\\').Select(UriText.Encode)))
            : isAddress ? Root(baseUri) + address!.AbsolutePath
            : null;
    }

    /// <summary>What follows the destination, with the slash; null where it lies elsewhere.</summary>
    private string? Below(string place) =>
        _destination is not null && place.StartsWith(_destination, StringComparison.Ordinal) && place.Length > _destination.Length
            && (place[_destination.Length] is '/' or '\\')
            ? place.Substring(_destination.Length)
            : null;

    /// <summary>With a host name as DNS has it: configuration files are no place for other letters.</summary>
    private static string Root(Uri address) =>
        $"{address.Scheme}://{(address.HostNameType == UriHostNameType.Dns ? address.IdnHost : address.Host)}{(address.IsDefaultPort ? "" : ":" + address.Port)}"
            + address.AbsolutePath.TrimEnd('/');
}
