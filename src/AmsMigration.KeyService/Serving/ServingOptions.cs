using System.Net;

namespace AmsMigration.KeyService.Serving;

/// <summary>How keys are served.</summary>
internal sealed record ServingOptions
{
    /// <summary>Whatever connects is a proxy: right where nothing else can, as behind the ingress of Container Apps.</summary>
    public const string AnyProxy = "*";

    public const string AnyOrigin = "*";

    /// <summary>Addresses to listen at, with semicolons; null for ASP.NET Core's own settings.</summary>
    public string? Urls { get; init; }

    /// <summary>Whose pages may ask, e.g. <c>https://www.contoso.com</c>; <see cref="AnyOrigin"/> for all.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [AnyOrigin];

    /// <summary>Of one address.</summary>
    public int RequestsPerMinute { get; init; } = 600;

    /// <summary>Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, networks, or <see cref="AnyProxy"/>.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Hand keys out without HTTPS to other machines, too.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>An address is a network of one.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static IPNetwork ParseNetwork(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.Parse(text);
        }

        IPAddress address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
