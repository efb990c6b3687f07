using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Runs;

/// <summary>What becomes of work whose claim is lost.</summary>
public sealed class OutputLeaseTests
{
    [Fact]
    public async Task Work_begins_again_where_the_store_was_out_of_reach_and_nobody_took_the_output()
    {
        var store = new FailingStore(isOutOfReach: true, then: true);

        (bool isDone, int runs, _) = await OutputLease.RunAsync(store, TimeSpan.Zero, false, store.WorkAsync, default);

        Assert.Equal((true, 2), (isDone, runs));
        Assert.Equal(["claim", "release", "claim", "release"], store.Events);
    }

    [Theory]
    [InlineData(true, "claim,release,claim")]
    [InlineData(false, "claim,release")]
    public async Task It_ends_where_another_run_has_the_output_by_then_or_asked_for_it(bool isOutOfReach, string events)
    {
        var store = new FailingStore(isOutOfReach, then: false);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => OutputLease.RunAsync(store, TimeSpan.Zero, false, store.WorkAsync, default));

        Assert.Equal("ClaimLost", e.Code);
        Assert.Equal(events.Split(','), store.Events);
    }

    /// <summary>Its first claim is lost in the middle of the work.</summary>
    private sealed class FailingStore(bool isOutOfReach, bool then) : ProbedOutputStore(new MemoryOutputStore(), (_, _) => Task.CompletedTask), IOutputStore
    {
        private int _runs;

        public List<string> Events { get; } = [];

        Task<ClaimAttempt> IOutputStore.TryClaimAsync(bool breakOther, CancellationToken cancellation)
        {
            Events.Add("claim");
            return Task.FromResult(new ClaimAttempt(_runs == 0 || then ? new Claim(this, isOutOfReach) : null));
        }

        public async Task<int> WorkAsync(IOutputClaim claim, CancellationToken cancellation)
        {
            if (++_runs == 1)
            {
                ((Claim)claim).Lose();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return _runs;
        }

        private sealed class Claim(FailingStore store, bool isOutOfReach) : IOutputClaim
        {
            private readonly CancellationTokenSource _lost = new();

            public CancellationToken Lost => _lost.Token;

            public bool IsOutOfReach => isOutOfReach;

            public AssetFile Mark { get; } = new("_memory.lock", 0);

            public void Lose() => _lost.Cancel();

            public Task ReleaseAsync()
            {
                store.Events.Add("release");
                return Task.CompletedTask;
            }
        }
    }
}
