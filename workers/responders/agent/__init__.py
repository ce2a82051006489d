"""An agent of pydantic-ai: any provider's model by name, tools, MCP servers, approvals."""
