using AmsMigration.Infrastructure.Metadata;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public sealed class KeyPaceTests
{
    [Fact]
    public async Task No_hour_has_more_requests_than_the_service_answers()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        List<DateTimeOffset> asked = [];
        List<string> told = [];
        var pace = new KeyPace(3, () => now, (time, _) =>
        {
            now += time;
            return Task.CompletedTask;
        });

        for (int i = 0; i < 8; i++)
        {
            await pace.WaitAsync(told.Add, default);
            asked.Add(now);
            now += TimeSpan.FromMinutes(10);
        }

        Assert.All(asked, time => Assert.InRange(asked.Count(other => other > time - TimeSpan.FromHours(1) && other <= time), 1, 3));
        Assert.Equal(TimeSpan.FromMinutes(60 + 60 + 10), asked[^1] - asked[0]);
        Assert.Equal(2, told.Count);
        Assert.Contains("3 requests for keys an hour", told[0], StringComparison.Ordinal);
    }
}
