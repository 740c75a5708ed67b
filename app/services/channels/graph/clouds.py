"""Microsoft's clouds. Each has a Graph of its own, and a token for one is none for another.

https://learn.microsoft.com/graph/deployments (host names), https://learn.microsoft.com/graph/api/message-delta (what
the one in China lacks).
"""

GRAPH_HOSTS = {
    "global": "https://graph.microsoft.com",
    "us_government": "https://graph.microsoft.us",
    "us_defense": "https://dod-graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}
