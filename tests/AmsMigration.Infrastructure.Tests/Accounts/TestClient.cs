using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.TestAccounts;
using Azure.Core.Pipeline;

namespace AmsMigration.Infrastructure.Tests.Accounts;

/// <summary>What a client needs that talks to the tests' server.</summary>
internal static class TestClient
{
    public static AzureEndpoints Endpoints(AccountServer server) => AzureEndpoints.Public.At(server.Url);

    public static ITokenSource Token(AccountServer server) => new GivenToken(server.Options.Token);

    /// <summary>Trusts the server's certificate and no other, and does not wait long before it tries again.</summary>
    public static ArmOptions Options(AccountServer server)
    {
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == server.Certificate.Thumbprint,
        };
        var options = new ArmOptions { Transport = new HttpClientTransport(handler) };
        options.Retry.Delay = TimeSpan.FromMilliseconds(5);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(50);
        return options;
    }

    public static AccountReader Reader(AccountServer server) => new(Endpoints(server), Token(server), Options(server));

    public static AccountId Id(Account account) => new(account.SubscriptionId, account.ResourceGroup, account.Name);
}
