using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.TestAccounts;

namespace AmsMigration.Infrastructure.Tests.Accounts;

public sealed class AccountReaderTests : IAsyncLifetime
{
    private AccountServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_active_account_says_how_long_it_lives_and_what_runs()
    {
        Account account = _server.Add(MadeAccount.Create("active1", 0));

        AmsAccountExpiry expiry = await TestClient.Reader(_server).GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default);

        Assert.Equal(RetirementDateSource.Service, expiry.RetirementDateSource);
        Assert.Equal(19, expiry.DaysLeft);
        Assert.Equal("West Europe", expiry.Region);
        Assert.Equal(["active1store", "active1more"], expiry.StorageAccounts);
        Assert.Equal(["streaming endpoint default"], expiry.StillRunning);
        Assert.Equal(account.Id, expiry.ResourceId);
    }

    [Fact]
    public async Task An_account_that_is_gone_is_an_answer()
    {
        _server.Subscriptions.Add("s");

        AmsAccountExpiry expiry = await TestClient.Reader(_server).GetExpiryAsync(new AccountId("s", "g", "gone"), DateTimeOffset.UtcNow, default);

        Assert.Equal(AmsAccountPhase.Deleted, expiry.Phase);
    }

    [Fact]
    public async Task Lists_go_over_pages_groups_and_subscriptions()
    {
        _server.Options.PageSize = 2;
        for (int i = 0; i < 5; i++)
        {
            _server.Add(new Account("s1", i == 0 ? "first" : "rest", $"a{i}"));
        }

        _server.Subscriptions.Add("s2");
        AccountReader reader = TestClient.Reader(_server);

        Assert.Equal(["a0", "a1", "a2", "a3", "a4"], (await reader.ListAsync("s1", null, default)).Select(id => id.AccountName));
        Assert.Equal(["a0"], (await reader.ListAsync("s1", "first", default)).Select(id => id.AccountName));
        Assert.Empty(await reader.ListAsync("s2", null, default));
        Assert.Equal(["s1", "s2"], await reader.ListSubscriptionsAsync(default));
    }

    [Fact]
    public async Task An_extension_moves_the_date_by_thirty_days()
    {
        Account account = _server.Add(MadeAccount.Create("active2", 0));
        AccountReader reader = TestClient.Reader(_server);
        AmsAccountExpiry before = await reader.GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default);

        AmsAccountExpiry after = await reader.ExtendAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default);

        Assert.Equal(before.RetirementDate.AddDays(30), after.RetirementDate);
    }

    [Fact]
    public async Task An_expired_account_refuses_the_extension_with_the_service_s_words()
    {
        Account account = _server.Add(MadeAccount.Create("expired", 0));

        AccountException e = await Assert.ThrowsAsync<AccountException>(
            () => TestClient.Reader(_server).ExtendAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default));

        Assert.Equal(("AccountReadOnly", 405, "MethodNotAllowed"), (e.Code, e.Status, e.ServiceCode));
        Assert.Matches("request-\\d+", e.RequestId);
        Assert.Contains(e.RequestId!, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_failing_cut_service_gives_the_same_answer()
    {
        Account account = _server.Add(MadeAccount.Create("active3", 0));
        AmsAccountExpiry calm = await TestClient.Reader(_server).GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UnixEpoch, default);
        _server.Options.ThrottleEvery = 3;
        _server.Options.FailEvery = 4;
        _server.Options.CutEvery = 5;

        AmsAccountExpiry rough = await TestClient.Reader(_server).GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UnixEpoch, default);

        Assert.Equivalent(calm, rough, strict: true);
        Assert.True(_server.Requests.Count > 6);
    }

    [Theory]
    [InlineData(null, "wrong token", "AccountUnauthorized")]
    [InlineData("mediaservices/active4", "token-of-the-tests", "AccountForbidden")]
    public async Task Who_may_not_look_is_told_so(string? forbidden, string token, string code)
    {
        Account account = _server.Add(MadeAccount.Create("active4", 0));
        _server.Options.Forbidden = forbidden;
        var reader = new AccountReader(TestClient.Endpoints(_server), new GivenToken(token), TestClient.Options(_server));

        AccountException e = await Assert.ThrowsAsync<AccountException>(() => reader.GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default));

        Assert.Equal(code, e.Code);
        Assert.DoesNotContain(token, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_subscription_is_no_deleted_account()
    {
        AccountException e = await Assert.ThrowsAsync<AccountException>(
            () => TestClient.Reader(_server).GetExpiryAsync(new AccountId("nobody's", "g", "a"), DateTimeOffset.UtcNow, default));

        Assert.Equal("SubscriptionNotFound", e.Code);
    }

    [Fact]
    public async Task What_may_not_be_listed_is_said_and_the_rest_is_told()
    {
        Account account = _server.Add(MadeAccount.Create("active5", 0));
        _server.Options.Forbidden = "/liveEvents";

        AmsAccountExpiry expiry = await TestClient.Reader(_server).GetExpiryAsync(TestClient.Id(account), DateTimeOffset.UtcNow, default);

        Assert.Equal(["streaming endpoint default", "live events could not be listed: AuthorizationFailed"], expiry.StillRunning);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unreachable()
    {
        AccountServer gone = await AccountServer.StartAsync();
        AccountReader reader = TestClient.Reader(gone);
        await gone.DisposeAsync();

        AccountException e = await Assert.ThrowsAsync<AccountException>(() => reader.GetExpiryAsync(new AccountId("s", "g", "a"), DateTimeOffset.UtcNow, default));

        Assert.Equal("AccountUnreachable", e.Code);
    }
}
